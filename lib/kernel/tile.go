package kernel

// Rows and Columns are the size of a tile: 6 rows of two 8-wide registers leave 4 of the 16 registers of AVX2 for the
// factors, and have more multiplications under way than the processor needs to stay busy (8 to 10).
const (
	Rows    = 6
	Columns = 16
)

// Term says where the two factors of one term of a sum lie, in elements from the beginning of a row.
type Term struct{ A, B int32 }

// Tile is a product of matrices whose elements lie wherever the tables say. For each row i and column j of each panel:
//
//	C[CRow[i] + 16·panel + j] = Σ A[ARow[i] + Terms[k].A] · B[Panel·panel + Terms[k].B + j]
//
// plus Bias[16·panel + j], plus what C holds already if Add is set; 0 where Gate[GateRow[i] + 16·panel + j] is not above
// zero; not below zero if ReLU is set; times Scale. Rows that are not wanted can repeat another row of A and share a
// place in C.
//
// The tables are the indirection buffer of M. Dukhan, "The Indirect Convolution Algorithm", arXiv 1907.02129, 2019,
// for both factors.
type Tile struct {
	Terms   []Term
	A       []float32
	ARow    [Rows]int
	B       []float32
	Panel   int // elements from one panel of B to the next
	C       []float32
	CRow    [Rows]int
	Panels  int
	Bias    []float32 // nil: none
	Gate    []float32 // nil: none
	GateRow [Rows]int
	Scale   float32
	Add     bool
	ReLU    bool
}

// Run computes the tile. Offsets that lead out of A, B, C or Bias are the caller's mistake, and are not noticed.
func (t *Tile) Run() { tile(t) }

// tileGeneric is the reference. It sums each element in the order of the terms.
func tileGeneric(t *Tile) {
	var sums [Rows][Columns]float32
	for p := range t.Panels {
		b := t.B[p*t.Panel:]
		start := [Columns]float32{}
		if t.Bias != nil {
			copy(start[:], t.Bias[p*Columns:])
		}
		for i := range sums {
			sums[i] = start
		}
		for _, k := range t.Terms {
			v := (*[Columns]float32)(b[k.B:])
			for i := range sums {
				a := t.A[t.ARow[i]+int(k.A)]
				s := &sums[i]
				for j := range s {
					s[j] += a * v[j]
				}
			}
		}
		for i := range sums {
			c := (*[Columns]float32)(t.C[t.CRow[i]+p*Columns:])
			for j, v := range sums[i] {
				if t.Add {
					v += c[j]
				}
				if t.Gate != nil && !(t.Gate[t.GateRow[i]+p*Columns+j] > 0) {
					v = 0
				}
				if t.ReLU {
					v = max(v, 0)
				}
				c[j] = v * t.Scale
			}
		}
	}
}
