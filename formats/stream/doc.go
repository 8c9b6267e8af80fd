// Package stream reads and writes tensor streams, the one container for everything that flows between the tools: a
// tar archive of .npy and small text members, compressed with zstd unless asked otherwise. `tar --zstd -x` unpacks it,
// NumPy reads its members, and WebDataset reads it as it is if it is not compressed.
//
//	__meta__/dataset.json   who made it, with which flags, and the names of the classes
//	000000.x.npy            [W], [H,W] or [C,H,W]; 000000.npy, .png, .jpg, .jpeg, .tif and .tiff may stand in its place
//	000000.cls              the label: the name of a class, or its number
//	000000.y.npy            any other target
//	000000.json             how this sample was made
//
// Where there is no .cls, the label is the value of "label" or of "cls" in the object that .json is, if that is a whole number or
// a line of text, else the text in .txt, if that is one word or the name of a class; other .txt are captions. If several of these
// have labels, all must mean the same class: the same number, the same text, or, if the classes have been named before, a number
// and its name.
//
// The key of a sample is the path of its members up to the first dot of the base name. The rest, in lower case, says what
// a member holds (T. Breuel et al., WebDataset, webdataset/tariterators.py).
//
// Members of one sample stand together. They do in the order of `find DIR -type f | LC_ALL=C sort`, unless a folder's
// name begins like theirs (s1.cls, s1.d/…, s1.png); other locales sort s1-b.png between s1.cls and s1.png. Members in a
// folder __*__ belong to no sample. Hidden files (.DS_Store) and members of other kinds are skipped, those in hidden folders counted. A label without an array
// or a picture is an error, if it is in .json or .txt, where its sample stands elsewhere; so is either without an ending that says what it is, which WebDataset drops silently. Files that are
// none of these (Thumbs.db) are passed over, and counted (PassedOver).
//
// The files of a folder are read as the members of a stream (NewFolderReader): in that order, so that those of one sample always stand
// together. Links are followed, hidden folders skipped, and one file is open at a time. Where no array or picture begins like a name and ends
// at the first dot, a key ends at the last one.
//
// The metadata may come late, as it does when another tar sorts the names. It may come again, as it does when streams
// are concatenated, but then the classes have to agree. Their names are distinct, not empty, and of at most 200 bytes;
// these, labels and names of members are UTF-8 without control characters. Type ClassNames says what a label means.
//
// Pictures become float32 in [0,1], without colour management, turned as their EXIF orientation says: grey [H,W], colour
// and palette [3,H,W]. An alpha channel is dropped if every pixel is opaque and refused otherwise, because the background
// is not known. 16 bits are kept. The pixels of a JPEG are those of libjpeg-turbo by default, so of Pillow, OpenCV and
// torchvision, to within three levels of 255: chrominance is interpolated as it does it (type chroma), and only the inverse
// cosine transform rounds differently.
//
// Of TIFF, grey and RGB of 8 and 16 bits, palettes, and black and white are read, in strips or tiles, as they are or compressed
// with LZW, deflate or PackBits. A file is one picture; pages behind it that are smaller copies of it are passed over.
//
// # Reading
//
// Input is zstd (any frames, also skippable ones, with zeros behind them), gzip (any members, likewise) or plain tar as GNU
// tar, bsdtar and Python write it. Archives that follow one another, as in `cat a.tar.zst b.tar.zst`, are all read; anything else behind the end of
// an archive is refused. Only regular files are members: folders are skipped, and links, devices, sparse files, absolute
// names and names with ".." are errors that say which member it was.
//
// A stream that is cut anywhere is an error, for which errors.Is(err, io.ErrUnexpectedEOF) (package cut): io.EOF is returned
// only when the tar end marker, the end of the zstd frame and its checksum were seen. If a frame has a checksum it is
// verified; frames without one, which libraries write by default, are read. Those of gzip are always verified.
//
// JSON and members in a folder __meta__ have at most 1 MiB, written or read; a label has 4 KiB, a name 1 KiB, a sample
// 256 members. No object in the metadata has a key twice. An array or a picture is read only if its first bytes are in
// order; its memory grows with the bytes that arrive, to at most five times as many.
//
// # Memory
//
// NewMappedReader leaves large arrays in the file, where they take nothing and no limit bounds them. Else a reader holds the
// window of zstd or gzip, one sample (an array and its target of at most Limits.Member bytes each, or a picture, which takes six times
// that while it is decoded) and its JSON. In all it allocates, freed or not, at most:
//
//	2 MiB                                 of buffers
//	8 times the bytes of the archive      and of its compressed form
//	Limits.Window and 512 KiB             for each zstd frame; 256 KiB for gzip
//	6 times Limits.Member                 for each picture
//	80 times the bytes of dataset.json
//
// whatever headers, shapes and windows claim. Tests check this on published attacks and with fuzzing.
//
// # Writing
//
// The same members give the same bytes, in every run and for every number of processors. Members keep their order, have
// fixed times, owners and modes, and names that plain ustar can hold.
package stream
