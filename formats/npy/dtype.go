package npy

// DType is the type of an array's elements.
type DType uint8

const (
	Bool DType = iota
	Uint8
	Int8
	Uint16
	Int16
	Uint32
	Int32
	Uint64
	Int64
	Float16
	Float32
	Float64
)

var dtypeNames = [...]string{"b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"}

// String is NumPy's short name of the type: "f4" for Float32.
func (t DType) String() string { return dtypeNames[t] }

// Size is the number of bytes of an element.
func (t DType) Size() int { return int(dtypeNames[t][1] - '0') }

// descr is the type's entry in a header, little-endian where byte order matters.
func (t DType) descr() string {
	if t.Size() == 1 {
		return "|" + t.String()
	}
	return "<" + t.String()
}

// ParseDType returns the type of that short name: b1, u1, i1, … f8.
func ParseDType(name string) (DType, bool) {
	for t, n := range dtypeNames {
		if n == name {
			return DType(t), true
		}
	}
	return 0, false
}

// parseDescr reads a header's descr. An element of several bytes must state its byte order: without it ('f4', '=f4')
// the same file would mean different numbers on different machines.
func parseDescr(descr string) (t DType, bigEndian, ok bool) {
	if descr == "" {
		return 0, false, false
	}
	order, name := byte('|'), descr
	switch descr[0] {
	case '<', '>', '|':
		order, name = descr[0], descr[1:]
	}
	if name == "?" {
		name = "b1"
	}
	t, ok = ParseDType(name)
	if !ok || t.Size() > 1 && order == '|' {
		return 0, false, false
	}
	return t, order == '>', true
}
