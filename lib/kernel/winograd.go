package kernel

// Winograd's minimal filtering makes a patch of 4 sums of 3 products each, along one axis, from 6 products instead of 12, and a
// patch of 4×4 of a convolution with a window of 3×3 from 36 instead of 144: both factors are taken to the values that
// polynomials have at the points 0, ±3/4, ±3/2 and ∞, multiplied there, and the product is taken back. (A. Lavin, S. Gray,
// "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, sections 4.1 and 4.3; S. Winograd, "Arithmetic Complexity
// of Computations", 1980. Points whose fourfold is small make the rounding error smaller than whole ones do: B. Barabasz,
// A. Anderson, K. M. Soodhalter, D. Gregg, "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural
// Networks", ACM TOMS 46, 2020.)
//
// The gradient of the weights is a convolution too, whose patches have 3 sums of 4 products each. It needs the same 6 points.
const (
	Points      = 6 // along an axis
	PatchExtent = 4 // output pixels along an axis
)

// The points other than 0 and ∞ are ±near and ±far.
const (
	near, far = 0.75, 1.5
	near2     = near * near
	far2      = far * far
	near3     = near2 * near
	far3      = far2 * far
	both      = near2 + far2
	product   = near2 * far2

	// What a polynomial's value at a point is divided by: the product of the differences to the other points.
	atZero = 1 / product
	atNear = 1 / (2 * near2 * (near2 - far2))
	atFar  = 1 / (2 * far2 * (far2 - near2))
)

// Lines are what a transform along one axis reads and writes: lines of N elements, of which each is transformed like the
// others. Count times: the next time all lines begin InStep elements later, those that are written OutStep.
type Lines struct {
	In, Out         [Points]*float32 // of those that a transform has; N + (Count−1)·step elements each
	N, Count        int              // N is a multiple of 16
	InStep, OutStep int
	Bias            *float32 // of ToSums, N elements: is added to the sums
	Floor           float32  // of ToSums: what they are at least
}

// ToPoints takes 6 lines of pixels to the points.
func (l *Lines) ToPoints() { l.run(toPoints) }

// FilterToPoints takes 4 lines, such as of a gradient, to the points.
func (l *Lines) FilterToPoints() { l.run(filterToPoints) }

// ToSums takes 6 lines of products at the points to 4 lines of sums. The last line is the value at ∞, which belongs to the last
// sum.
func (l *Lines) ToSums() { l.run(toSums) }

func (l *Lines) run(transform func(*Lines)) {
	if l.N%Columns != 0 {
		panic("kernel: lines of no whole number of panels")
	}
	if l.N > 0 && l.Count > 0 {
		transform(l)
	}
}

// Products are products of matrices of which there are Count, each step behind the one before:
//
//	C[CRow·i + 16·panel + j] = Σ A[ARow·i + ATerm·k] · B[BPanel·panel + BTerm·k + j]
//
// plus what C holds already if Add is set, for each row i and column j of each panel, summed in the order of k. Rows are computed
// eight at a time: A and C have room for a multiple of eight, and with Add C has room for one more at Count·CStep.
type Products struct {
	A, B, C             []float32
	Count               int
	AStep, BStep, CStep int
	Rows, Terms, Panels int
	ARow, ATerm         int
	BTerm, BPanel       int
	CRow                int
	Add                 bool
	terms               []Term // of the tiles that compute them
	tile                Tile
}

// Set makes p other products. It keeps what it has room for.
func (p *Products) Set(to Products) {
	to.terms = p.terms
	*p = to
}

// RowsAtOnce is what the number of rows is rounded up to.
const RowsAtOnce = 8

// Run computes the products. Offsets that lead out of A, B or C are the caller's mistake, and are not noticed.
func (p *Products) Run() {
	if p.Count > 0 && p.Rows > 0 && p.Panels > 0 {
		products(p)
	}
}

// productsOfTiles computes the products tile by tile.
func productsOfTiles(p *Products) {
	p.terms = p.terms[:0]
	for k := range p.Terms {
		p.terms = append(p.terms, Term{int32(k * p.ATerm), int32(k * p.BTerm)})
	}
	t := &p.tile
	*t = Tile{Terms: p.terms, Panel: p.BPanel, Panels: p.Panels, Scale: 1, Add: p.Add}
	for e := range p.Count {
		t.A, t.B, t.C, t.Spare = p.A[e*p.AStep:], p.B[e*p.BStep:], p.C[e*p.CStep:], (p.Count-e)*p.CStep
		for row := 0; row < p.Rows; row += Rows {
			for i := range Rows {
				at := row + i
				if at >= p.Rows {
					break
				}
				t.ARow[i], t.CRow[i] = at*p.ARow, at*p.CRow
			}
			t.RunFirst(min(Rows, p.Rows-row))
		}
	}
}
