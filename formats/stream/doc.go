// Package stream reads and writes tensor streams, the one container for everything that flows between the tools: a
// tar archive of .npy and small text members, compressed with zstd unless asked otherwise. `tar --zstd -x` and NumPy
// read it with what they have, and so does WebDataset if it is plain.
//
//	__meta__/dataset.json   who made it, with which flags, and the names of the classes
//	000000.x.npy            [W], [H,W] or [C,H,W]; 000000.npy, .png, .jpg and .jpeg may stand in its place
//	000000.cls              the label: the name of a class, or its number
//	000000.y.npy            any other target
//	000000.json             what made this sample
//
// The key of a sample is the path of its members up to the first dot of the base name, and the rest, in lower case,
// says what a member holds (T. Breuel et al., WebDataset, webdataset/tariterators.py). Members of one sample stand
// together, as they do in the order of `find DIR -type f | LC_ALL=C sort`, unless a folder's name begins like theirs
// (s1.cls, s1.d/…, s1.png); other locales sort s1-b.png between s1.cls and s1.png. Members in a folder __*__ belong to
// no sample; hidden files (.DS_Store) and members of other kinds are skipped, but a sample without an array or a picture
// is an error, and so is a name without a dot, which WebDataset drops in silence. The metadata may come late, as it does
// when somebody else's tar sorts the names; it may repeat, as it does when streams are concatenated, but then the classes
// have to agree. Their names are distinct, not empty, and of at most 200 bytes; these, labels and names of members are
// UTF-8 without control characters. What a label means by them says type Names.
//
// Pictures become float32 in [0,1], grey [H,W], colour and palette [3,H,W], without colour management, turned as their
// EXIF orientation says. An alpha channel is dropped where every pixel is opaque and refused otherwise, for the tools
// cannot know the background.
//
// # Reading
//
// Input is zstd (any frames, skippable ones too, with zeros behind them) or plain tar as GNU tar, bsdtar and Python write
// it. Several archives behind one another, as `cat a.tar.zst b.tar.zst` makes them, are read to the last; anything else
// behind the end of an archive is refused. Only regular files are members: links, devices, sparse files, absolute names and
// names with ".." are refused by name, folders are skipped.
//
// A cut stream is an error at whatever byte it is cut: io.EOF is returned only when the tar end marker, the end of
// the zstd frame and its checksum were seen, and a cut satisfies errors.Is(err, io.ErrUnexpectedEOF). A checksum
// that a frame carries is verified; frames without one, which libraries write by default, are read.
//
// JSON and the members in a folder __meta__ have at most 1 MiB, written or read; a label 4 KiB, a name 1 KiB, a sample 256
// members, and an object in the metadata has no key twice. An array or a picture is held once its first bytes are in
// order; room for it follows the bytes that arrive, and is at most five times as large.
//
// # Memory
//
// At a time a reader holds the zstd window, one sample (an array and its target, each of Limits.Member bytes at most, or a
// picture, which takes six times as much while it is decoded) and its JSON. From the heap it takes, given back or not:
//
//	2 MiB                                 of buffers
//	8 times the bytes of the archive      and of what it was decompressed from
//	Limits.Window and 512 KiB             for each zstd frame
//	6 times Limits.Member                 for each picture
//	80 times the bytes of dataset.json
//
// whatever headers, shapes and windows claim. The tests hold it to that, for attacks and for whatever a fuzzer thinks up.
//
// # Writing
//
// The same members give the same bytes, in every run and for every number of processors: order as written, times,
// owners and modes fixed, names that plain ustar can hold.
package stream
