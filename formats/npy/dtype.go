package npy

// DType is the type of the elements of an array.
type DType uint8

// The types, with NumPy's short names.
const (
	Bool    DType = iota // b1
	Uint8                // u1
	Int8                 // i1
	Uint16               // u2
	Int16                // i2
	Uint32               // u4
	Int32                // i4
	Uint64               // u8
	Int64                // i8
	Float16              // f2
	Float32              // f4
	Float64              // f8
)

var dtypeNames = [...]string{"b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"}

// String is NumPy's short name of the type: "f4" for Float32.
func (t DType) String() string { return dtypeNames[t] }

// Size is the number of bytes of an element.
func (t DType) Size() int { return int(dtypeNames[t][1] - '0') }

// FitsFloat32 reports whether all numbers of the type are float32.
func (t DType) FitsFloat32() bool { return t.Size() <= 2 || t == Float32 }

// descr is the name of the type in a header, with little-endian byte order if it has several bytes.
func (t DType) descr() string {
	if t.Size() == 1 {
		return "|" + t.String()
	}
	return "<" + t.String()
}

// ParseDType returns the type with that short name: b1, u1, i1, … f8.
func ParseDType(name string) (DType, bool) {
	for t, n := range dtypeNames {
		if n == name {
			return DType(t), true
		}
	}
	return 0, false
}

// parseDescr parses the descr of numbers. A type of several bytes must state its byte order: without it ('f4', '=f4') the
// same file would mean different numbers on different machines.
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
