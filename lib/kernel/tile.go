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
	Far     bool // C is not likely to be in a cache
	Single  bool // only the first row is wanted; what the others leave in C is undefined
	Spare   int  // with Add: where in C there is room for a row that is not wanted
}

// Run computes the tile. Offsets that lead out of A, B, C or Bias are the caller's mistake, and are not noticed.
func (t *Tile) Run() { tile(t) }

// RunFirst computes the tile if only that many of its rows, the first ones, are set: the last of them stands for the rest,
// which with Add go to Spare, as they would be added to its place again. Without any it does nothing.
func (t *Tile) RunFirst(rows int) {
	if rows == 0 {
		return
	}
	for i := rows; i < Rows; i++ {
		t.ARow[i], t.CRow[i], t.GateRow[i] = t.ARow[rows-1], t.CRow[rows-1], t.GateRow[rows-1]
		if t.Add {
			t.CRow[i] = t.Spare
		}
	}
	t.Run()
}

// tileGeneric is the reference. It sums each element in the order of the terms, eight elements at a time, which is as
// many as a processor's registers hold with their factors.
func tileGeneric(t *Tile) {
	for p := range t.Panels {
		b := t.B[p*t.Panel:]
		for i := 0; i < Rows; i += 2 {
			for j := 0; j < Columns; j += 4 {
				t.block(b, i, p*Columns+j, j)
			}
		}
	}
}

// block computes rows i and i+1 and the four columns from col on, which begin at j in their panel b.
func (t *Tile) block(b []float32, i, col, j int) {
	var s00, s01, s02, s03, s10, s11, s12, s13 float32
	if t.Bias != nil {
		v := (*[4]float32)(t.Bias[col:])
		s00, s01, s02, s03 = v[0], v[1], v[2], v[3]
		s10, s11, s12, s13 = s00, s01, s02, s03
	}
	a, first, second := t.A, t.ARow[i], t.ARow[i+1] // a term may lie before the beginning of a row
	for _, k := range t.Terms {
		v := (*[4]float32)(b[int(k.B)+j:])
		x, y := a[first+int(k.A)], a[second+int(k.A)]
		s00 += x * v[0]
		s01 += x * v[1]
		s02 += x * v[2]
		s03 += x * v[3]
		s10 += y * v[0]
		s11 += y * v[1]
		s12 += y * v[2]
		s13 += y * v[3]
	}
	t.store(i, col, [4]float32{s00, s01, s02, s03})
	t.store(i+1, col, [4]float32{s10, s11, s12, s13})
}

// store writes four columns of row i.
func (t *Tile) store(i, col int, sums [4]float32) {
	c := (*[4]float32)(t.C[t.CRow[i]+col:])
	for j, v := range sums {
		if t.Add {
			v += c[j]
		}
		if t.Gate != nil && !(t.Gate[t.GateRow[i]+col+j] > 0) {
			v = 0
		}
		if t.ReLU {
			v = max(v, 0)
		}
		c[j] = v * t.Scale
	}
}
