package npy

import (
	"io"
	"os"
	"strconv"
	"unicode/utf8"
)

// NumPy's dtypes S and U are texts of a fixed number of characters, which are bytes or code points; a shorter text is filled
// up with zeros. The DType of an array of texts is that of a character.

// maxWidth bounds the characters of a text.
const maxWidth = 1 << 24

// parseText parses the descr of texts: <U9, >U9, |S9.
func parseText(descr string) (t DType, bigEndian bool, width int, ok bool) {
	if len(descr) < 3 {
		return 0, false, 0, false
	}
	switch order, kind := descr[0], descr[1]; {
	case kind == 'S' && (order == '|' || order == '<' || order == '>'):
		t = Uint8
	case kind == 'U' && (order == '<' || order == '>'):
		t, bigEndian = Uint32, order == '>'
	default:
		return 0, false, 0, false
	}
	width, err := strconv.Atoi(descr[2:])
	return t, bigEndian, width, err == nil && width > 0 && width <= maxWidth && descr[2] != '+'
}

// headerReader is the type of readHeader and readNumbers.
type headerReader func(io.Reader) (header, error)

// readNumbers is readHeader for an array that must be one of numbers.
func readNumbers(r io.Reader) (header, error) {
	h, err := readHeader(r)
	if err == nil && h.width > 0 {
		err = unsupported(h.descr)
	}
	return h, err
}

// unsupported says that arrays of a type are not read, and what to do.
func unsupported(descr string) error {
	if descr == "|O" {
		return formatError("dtype %q is Python objects, which are not read; convert the array with astype('<f4') or, to text, with astype(str)", descr)
	}
	return formatError("dtype %.40q is not supported; convert the array with astype('<f4') or another plain type", descr)
}

// OpenText is Open for an array that may be one of texts.
func OpenText(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return openFile(f, readHeader)
}

// ReadText is Read for an array that may be one of texts.
func ReadText(r io.Reader, limit int64) (*Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	return readArray(r, h, limit)
}

// IsText reports whether the elements are texts. Methods that return numbers panic then.
func (a *Array) IsText() bool { return a.width > 0 }

// wantNumbers panics if the elements are texts.
func (a *Array) wantNumbers() {
	if a.IsText() {
		panic("npy: numbers of an array of texts")
	}
}

// Texts calls f for each text of an array of texts, in C order, until f returns an error. The text is valid until the next
// call. It is UTF-8 if the file holds code points, else the bytes of the file, without zeros at the end.
func (a *Array) Texts(f func(i int, text []byte) error) error {
	if !a.IsText() {
		panic("npy: texts of an array of numbers")
	}
	var text []byte
	return a.runs(func(at, n int, src []byte, step int) error {
		for i := range n {
			text = text[:0]
			size, zeros := a.DType.Size(), 0
			for c := range a.width {
				char := src[i*step+c*size:]
				r := rune(char[0])
				if a.DType == Uint32 {
					u := a.u32(char)
					if r = rune(u); u > utf8.MaxRune || !utf8.ValidRune(r) {
						return formatError("element %d: %#x is not a character", at+i, u)
					}
				}
				if r == 0 {
					zeros++
					continue
				}
				for ; zeros > 0; zeros-- {
					text = append(text, 0)
				}
				if a.DType == Uint8 {
					text = append(text, char[0])
				} else {
					text = utf8.AppendRune(text, r)
				}
			}
			if err := f(at+i, text); err != nil {
				return err
			}
		}
		return nil
	})
}
