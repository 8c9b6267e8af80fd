package npy

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strings"

	"backdrop/formats/cut"
)

// Archive is an .npz: a zip file with a member NAME.npy for each array. Other members are ignored.
type Archive struct {
	members map[string]*zip.File
	names   []string
	other   string // the first of the files that are none of them
}

// OpenArchive reads the directory of an .npz.
func OpenArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if errors.Is(err, zip.ErrFormat) { // the directory of a zip file is at its end
		return nil, cut.Errorf("npz: no zip directory at the end of %d bytes; cut short?", size)
	}
	if err != nil {
		return nil, fmt.Errorf("npz: %w", err)
	}
	a := &Archive{members: map[string]*zip.File{}}
	for _, member := range z.File {
		name, ok := strings.CutSuffix(member.Name, ".npy")
		if !ok {
			if a.other == "" && !strings.HasSuffix(member.Name, "/") {
				a.other = member.Name
			}
			continue
		}
		if a.members[name] != nil {
			return nil, &inputError{fmt.Sprintf("npz: member %.100q is there twice", member.Name), ErrFormat}
		}
		a.members[name] = member
		a.names = append(a.names, name)
	}
	return a, nil
}

// Names lists the arrays, without ".npy", in the order of the archive.
func (a *Archive) Names() []string { return a.names }

// Other is the first file of the archive that is no .npy; "" if there is none.
func (a *Archive) Other() string { return a.other }

// Open opens the .npy file of an array. Its checksum is verified when it is read to io.EOF. The sizes that the archive
// claims are ignored.
func (a *Archive) Open(name string) (io.ReadCloser, error) {
	member := a.members[name]
	if member == nil {
		return nil, &inputError{fmt.Sprintf("npz: no member %.100q", name+".npy"), ErrFormat}
	}
	if member.Flags&1 != 0 { // APPNOTE.TXT 4.4.4
		return nil, &inputError{fmt.Sprintf("npz: member %.100q is encrypted", member.Name), ErrFormat}
	}
	r, err := member.Open()
	if errors.Is(err, zip.ErrAlgorithm) || errors.Is(err, zip.ErrFormat) {
		err = &inputError{err.Error(), ErrFormat}
	}
	if err != nil {
		return nil, fmt.Errorf("npz: member %.100q: %w", member.Name, err)
	}
	return memberReader{r}, nil
}

// Shape reads the shape of an array of numbers or texts, and no more of it.
func (a *Archive) Shape(name string) ([]int, error) {
	r, err := a.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	h, err := readHeader(r)
	if err != nil {
		return nil, fmt.Errorf("npz: member %.100q: %w", name+".npy", notBareEOF(err))
	}
	return h.shape, nil
}

// Read reads an array, whose elements may take at most limit bytes, and the rest of its member.
func (a *Archive) Read(name string, limit int64) (*Array, error) { return a.read(name, limit, Read) }

// ReadText is Read for an array that may be one of texts.
func (a *Archive) ReadText(name string, limit int64) (*Array, error) {
	return a.read(name, limit, ReadText)
}

// read is Read with one of the functions of this package that read an array.
func (a *Archive) read(name string, limit int64, read func(io.Reader, int64) (*Array, error)) (*Array, error) {
	r, err := a.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	array, err := read(r, limit)
	if err == nil {
		err = expectEnd(r)
	}
	if err != nil {
		return nil, fmt.Errorf("npz: member %.100q: %w", name+".npy", notBareEOF(err))
	}
	return array, nil
}

// ReadNPZ reads the arrays of an .npz, which together may take at most limit bytes.
func ReadNPZ(r io.ReaderAt, size, limit int64) (map[string]*Array, error) {
	archive, err := OpenArchive(r, size)
	if err != nil {
		return nil, err
	}
	arrays := map[string]*Array{}
	for _, name := range archive.names {
		a, err := archive.Read(name, limit)
		if err != nil {
			return nil, err
		}
		limit -= int64(len(a.raw))
		arrays[name] = a
	}
	return arrays, nil
}

// memberReader reports damage that package zip finds as ErrFormat.
type memberReader struct{ io.ReadCloser }

// Read implements io.Reader.
func (m memberReader) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	var corrupt flate.CorruptInputError
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.As(err, &corrupt) {
		err = &inputError{err.Error(), ErrFormat}
	}
	return n, err
}
