package npy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"backdrop/formats/sniff"
)

const (
	magic     = "\x93NUMPY"
	maxHeader = 64 << 10 // the most that version 1.0 can express; NumPy itself refuses more than 10000 bytes
	maxDims   = 64       // the limit of NumPy 2
)

// header says what the elements are.
type header struct {
	dtype     DType
	bigEndian bool
	fortran   bool
	shape     []int
	width     int    // characters of a text; 0 if the elements are numbers
	descr     string // of texts, for errors
}

// readHeader reads magic, version and header, and not a byte more. If r ends before the first byte the error is io.EOF.
//
// The header is not parsed by npyio (v0.9.0), because npyio does not know version 3.0, allows one order of keys only,
// accepts shapes such as "x1,2x" and negative sizes, and panics on a header without a newline or closing brace. A check
// that rules all this out would have to be a parser itself. The tests compare this one with npyio.
func readHeader(r io.Reader) (header, error) {
	var start [12]byte
	n, err := io.ReadFull(r, start[:8])
	if err == io.EOF {
		return header{}, io.EOF
	}
	if !bytes.HasPrefix([]byte(magic), start[:min(n, len(magic))]) {
		return header{}, noArrayError(start[:n], r)
	}
	if err != nil {
		return header{}, readError("header", err, int64(n), 10)
	}
	prefix := 10
	switch major, minor := start[6], start[7]; {
	case major == 1 && minor == 0:
	case (major == 2 || major == 3) && minor == 0:
		prefix = 12
	default:
		return header{}, formatError("version %d.%d is not one of 1.0, 2.0 and 3.0", major, minor)
	}
	if n, err := io.ReadFull(r, start[8:prefix]); err != nil {
		return header{}, readError("header", err, 8+int64(n), int64(prefix))
	}
	size := int64(binary.LittleEndian.Uint16(start[8:]))
	if prefix == 12 {
		size = int64(binary.LittleEndian.Uint32(start[8:]))
	}
	if size > maxHeader {
		return header{}, tooLargeError("header of %d bytes, more than the limit of %d", size, maxHeader)
	}
	text := make([]byte, size)
	if n, err := io.ReadFull(r, text); err != nil {
		return header{}, readError("header", err, int64(prefix+n), int64(prefix)+size)
	}
	return parseHeader(string(text))
}

// noArrayError says what it is that starts with start and continues in r, and how to make an array of it.
func noArrayError(start []byte, r io.Reader) error {
	head := make([]byte, 512)
	n := copy(head, start)
	more, _ := r.Read(head[n:]) // what is there already; it only serves to recognise more
	kind, known := sniff.Of(head[:n+more])
	switch {
	case !known:
		return formatError("starts with %q, not with %q", start[:min(n, len(magic))], magic)
	case kind.Unpack != "":
		return formatError("this is %s, not an array; %s", kind.Name, kind.Unpack)
	case kind.Python != "":
		return formatError("this is %s, not an array; NumPy makes one with %s", kind.Name, kind.Python)
	}
	return formatError("this is %s, not an array", kind.Name)
}

// parseHeader parses the dictionary: each of the three keys once, in any order. The newline at the end may be missing. NumPy
// allows this, too, because it evaluates the text: gonpy writes none, and NPZ.jl none if no padding is needed.
func parseHeader(text string) (h header, err error) {
	text = strings.TrimSuffix(text, "\n")
	p := parser{rest: text, all: len(text)}
	p.expect("{")
	seen := map[string]bool{}
	for p.err == nil && !p.accept("}") {
		key := p.quoted()
		p.expect(":")
		if p.err == nil && seen[key] {
			return h, formatError("header has the key %.40q twice", key)
		}
		seen[key] = true
		switch key {
		case "descr":
			descr := p.quoted()
			if p.err != nil {
				return h, formatError("header: descr is not the name of a plain type")
			}
			var ok bool
			if h.dtype, h.bigEndian, ok = parseDescr(descr); !ok {
				h.descr = descr
				h.dtype, h.bigEndian, h.width, ok = parseText(descr)
			}
			if !ok {
				return h, unsupported(descr)
			}
		case "fortran_order":
			h.fortran = p.boolean()
		case "shape":
			h.shape = p.tuple()
		default:
			if p.err == nil {
				return h, formatError("header has the key %.40q, which is none of descr, fortran_order and shape", key)
			}
		}
		if !p.accept(",") {
			p.expect("}")
			break
		}
	}
	if p.space(); p.err == nil && p.rest != "" {
		p.fail("nothing but spaces")
	}
	if p.err != nil {
		return h, p.err
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, formatError("header lacks the key %q", key)
		}
	}
	if len(h.shape) > maxDims {
		return h, formatError("%d dimensions, more than the limit of %d", len(h.shape), maxDims)
	}
	return h, nil
}

// size is the number of bytes of the elements. Even if a size is 0, the product of the others must not overflow (NumPy has
// this rule, too), so that no stride can.
func (h header) size(limit int64) (int64, error) { return h.sizeAs(h.dtype, limit) }

// sizeAs is size for elements that are converted to another type.
func (h header) sizeAs(t DType, limit int64) (int64, error) {
	as := ""
	if t != h.dtype {
		as = " as " + t.String()
	}
	size, empty := uint64(t.Size()*max(h.width, 1)), false
	for _, n := range h.shape {
		if n == 0 {
			empty = true
			continue
		}
		if size > math.MaxInt/uint64(n) {
			return 0, tooLargeError("shape %s needs more than %d bytes%s", shapeText(h.shape), math.MaxInt, as)
		}
		size *= uint64(n)
	}
	if empty {
		return 0, nil
	}
	if int64(size) > limit {
		return 0, &inputError{fmt.Sprintf("npy: shape %s needs %d bytes%s, more than the limit of %d", shapeText(h.shape), size, as, limit), ErrLimit}
	}
	return int64(size), nil
}

// parser reads the tokens of a header. After the first error it does nothing more.
type parser struct {
	rest string
	all  int // bytes of the whole header
	err  error
}

// fail notes what was expected at the current place.
func (p *parser) fail(want string) {
	if p.err == nil {
		p.err = formatError("header: want %s at byte %d, found %q", want, p.all-len(p.rest), p.rest[:min(len(p.rest), 12)])
	}
}

// space skips what Python takes for space inside brackets and around an expression.
func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n\f") }

// accept skips a token if it comes next.
func (p *parser) accept(token string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok && p.err == nil {
		p.rest = rest
	}
	return ok && p.err == nil
}

// expect skips a token, which must come next.
func (p *parser) expect(token string) {
	if !p.accept(token) {
		p.fail(token)
	}
}

// quoted reads a string in single or double quotes.
func (p *parser) quoted() string {
	quote := "'"
	if !p.accept(quote) {
		if quote = `"`; !p.accept(quote) {
			p.fail("a quoted string")
			return ""
		}
	}
	text, rest, ok := strings.Cut(p.rest, quote)
	if !ok {
		p.fail("a closing quote")
		return ""
	}
	p.rest = rest
	return text
}

// boolean reads True or False.
func (p *parser) boolean() bool {
	if p.accept("True") {
		return true
	}
	p.expect("False")
	return false
}

// tuple reads (), (3,) or (3, 4). It refuses (3), which is a number in Python. NumPy under Python 2 wrote 3L for 3.
func (p *parser) tuple() []int {
	shape := []int{}
	p.expect("(")
	for p.err == nil && !p.accept(")") {
		p.space()
		digits := p.rest[:len(p.rest)-len(strings.TrimLeft(p.rest, "0123456789"))]
		n, err := strconv.Atoi(digits)
		if err != nil || len(digits) > 1 && digits[0] == '0' {
			p.fail("a size")
			break
		}
		p.rest = strings.TrimPrefix(p.rest[len(digits):], "L")
		shape = append(shape, n)
		if !p.accept(",") {
			if p.expect(")"); len(shape) == 1 {
				p.fail("a tuple")
			}
			break
		}
	}
	return shape
}

// shapeText writes a shape as Python does: (), (3,), (3, 4).
func shapeText(shape []int) string {
	if len(shape) == 1 {
		return "(" + strconv.Itoa(shape[0]) + ",)"
	}
	sizes := make([]string, len(shape))
	for i, n := range shape {
		sizes[i] = strconv.Itoa(n)
	}
	return "(" + strings.Join(sizes, ", ") + ")"
}
