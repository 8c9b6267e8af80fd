package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

type implementation struct {
	tile    func(*Tile)
	pool    func(*Pool)
	maxima  func(*Maxima)
	winners func(*Winners)
	add     func(dst, a, b *float32, n int, floor float32)
	atLeast func(dst, a *float32, n int, floor float32)
	gate    func(dst, a, gate *float32, n int, scale float32)
}

var implementations = map[string]implementation{"generic": {tileGeneric, poolGeneric, maximaGeneric, winnersGeneric, addGeneric, atLeastGeneric, gateGeneric}}

const sentinel = 12345.678

// guarded returns n random elements at an offset in a larger array of sentinels, and a check that these are unchanged.
func guarded(r *rand.Rand, n, offset int) ([]float32, func(t *testing.T, what string)) {
	const guard = 40
	all := make([]float32, guard+offset+n+guard)
	for i := range all {
		all[i] = sentinel
	}
	v := all[guard+offset:][:n:n]
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return v, func(t *testing.T, what string) {
		t.Helper()
		for i, a := range all {
			if (i < guard+offset || i >= guard+offset+n) && a != sentinel {
				t.Fatalf("%s: element %d of %d was overwritten", what, i-guard-offset, n)
			}
		}
	}
}

// Every number of terms up to two dozen, before and behind the beginning of rows in any order and repeated, every
// combination of what a tile can do, against sums in float64.
func TestTile(t *testing.T) {
	for name, impl := range implementations {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for terms := range 24 {
				for what := range 64 {
					for offset := range 8 {
						testTile(t, r, impl, terms, what, offset)
					}
				}
			}
		})
	}
}

func testTile(t *testing.T, r *rand.Rand, impl implementation, terms, what, offset int) {
	panels := 1 + r.IntN(8)
	width := panels * Columns
	a, checkA := guarded(r, 64+2*terms, offset)
	b, checkB := guarded(r, panels*(terms+1)*Columns, offset)
	c, checkC := guarded(r, (Rows+1)*width, offset)
	gate, checkGate := guarded(r, (Rows+1)*width, offset)
	gate[0], gate[1], gate[2] = 0, float32(math.NaN()), float32(math.Inf(1))
	bias, checkBias := guarded(r, width, offset)
	tile := Tile{A: a, B: b, Panel: (terms + 1) * Columns, C: c, Panels: panels, Scale: 1, Add: what&1 != 0, ReLU: what&2 != 0, Far: what&16 != 0, Single: what&32 != 0}
	if what&4 != 0 {
		tile.Bias = bias
	}
	if what&8 != 0 {
		tile.Gate, tile.Scale = gate, 0.375
	}
	for k := range terms {
		tile.Terms = append(tile.Terms, Term{A: int32(r.IntN(2*terms) - terms), B: int32(k * Columns)})
	}
	r.Shuffle(terms, func(i, j int) { tile.Terms[i].B, tile.Terms[j].B = tile.Terms[j].B, tile.Terms[i].B })
	used := 1 + r.IntN(Rows) // the others repeat the last one
	if tile.Single {
		used = 1
	}
	order := r.Perm(Rows + 1)
	for i := range Rows {
		tile.ARow[i], tile.CRow[i], tile.GateRow[i] = terms+r.IntN(64), order[i]*width, order[(i+1)%len(order)]*width
		if i >= used {
			tile.ARow[i], tile.CRow[i], tile.GateRow[i] = tile.ARow[used-1], tile.CRow[used-1], tile.GateRow[used-1]
		}
	}
	if (tile.Add || tile.Single) && used < Rows { // rows that share a place would be added twice, or not be computed
		for i := used; i < Rows; i++ {
			tile.CRow[i] = order[Rows] * width
		}
	}
	if terms == 0 {
		tile.A, tile.B, tile.Panel = nil, nil, 0 // an empty sum looks at nothing
	}
	before := append([]float32(nil), c...)
	impl.tile(&tile)
	for i := range used {
		for j := range width {
			sum, size := 0.0, 0.0
			p, q := j/Columns, j%Columns
			if tile.Bias != nil {
				sum = float64(bias[j])
			}
			for _, k := range tile.Terms {
				v := float64(a[tile.ARow[i]+int(k.A)]) * float64(b[p*tile.Panel+int(k.B)+q])
				sum += v
				size += math.Abs(v)
			}
			if tile.Add {
				sum += float64(before[tile.CRow[i]+j])
			}
			size += math.Abs(sum) + 1
			if tile.Gate != nil && !(gate[tile.GateRow[i]+j] > 0) {
				sum = 0
			}
			if tile.ReLU {
				sum = max(sum, 0)
			}
			want, got := sum*float64(tile.Scale), float64(c[tile.CRow[i]+j])
			if !(math.Abs(got-want) <= 2*float64(terms+2)*0x1p-24*size) {
				t.Fatalf("%d terms, case %d, offset %d, row %d, column %d: got %v, want %v", terms, what, offset, i, j, got, want)
			}
		}
	}
	for what, check := range map[string]func(*testing.T, string){"A": checkA, "B": checkB, "C": checkC, "Gate": checkGate, "Bias": checkBias} {
		check(t, what)
	}
}

// Rows that are not set change nothing but the spare place.
func TestRunFirst(t *testing.T) {
	for rows := range Rows + 1 {
		for _, add := range []bool{false, true} {
			c := make([]float32, (Rows+1)*Columns)
			for i := range c {
				c[i] = 1
			}
			tile := Tile{Terms: []Term{{}}, A: []float32{2}, B: make([]float32, Columns), C: c, Panels: 1, Scale: 1, Add: add, Spare: Rows * Columns}
			for j := range tile.B {
				tile.B[j] = 3
			}
			for i := range rows {
				tile.CRow[i] = i * Columns
			}
			tile.RunFirst(rows)
			for i := range Rows {
				want := float32(1)
				if i < rows && add {
					want = 7
				} else if i < rows {
					want = 6
				}
				if got := c[i*Columns]; got != want {
					t.Errorf("%d rows, add %v: row %d is %v, want %v", rows, add, i, got, want)
				}
			}
		}
	}
}

// A NaN must come through a ReLU, or a run that diverged would not be noticed.
func TestTileLetsNaNThrough(t *testing.T) {
	for name, impl := range implementations {
		c := make([]float32, Columns)
		tile := Tile{Terms: []Term{{}}, A: []float32{float32(math.NaN())}, B: make([]float32, Columns), C: c, Panels: 1, Scale: 1, ReLU: true}
		impl.tile(&tile)
		for j, v := range c {
			if v == v {
				t.Errorf("%s: column %d is %v", name, j, v)
			}
		}
	}
}

func TestMaxima(t *testing.T) {
	for name, impl := range implementations {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			for channels := 8; channels <= 40; channels += 8 {
				for taps := range 10 {
					for offset := range 8 {
						m := Maxima{XStep: channels + r.IntN(20), OfStep: channels + r.IntN(3), Count: 1 + r.IntN(4), Channels: channels}
						x, checkX := guarded(r, (m.Count-1)*m.XStep+channels+20, offset)
						of, checkOf := guarded(r, (m.Count-1)*m.OfStep+channels, offset)
						for range 10 {
							x[r.IntN(len(x))] = float32(math.NaN())
						}
						for range taps {
							m.Taps = append(m.Taps, Term{A: int32(r.IntN(20))})
						}
						want := append([]float32(nil), of...)
						for i := range m.Count {
							for c := range channels {
								largest := float32(math.Inf(-1))
								for _, tap := range m.Taps {
									if v := x[i*m.XStep+int(tap.A)+c]; v == v {
										largest = max(largest, v)
									}
								}
								want[i*m.OfStep+c] = largest
							}
						}
						m.X, m.Of = x, of
						impl.maxima(&m)
						if fmt.Sprint(of) != fmt.Sprint(want) {
							t.Fatalf("%d channels, %d taps: got %v, want %v", channels, taps, of, want)
						}
						checkX(t, "x")
						checkOf(t, "of")
					}
				}
			}
		})
	}
}

func TestGate(t *testing.T) {
	for name, impl := range implementations {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 6))
			for n := 1; n < 40; n++ {
				for offset := range 8 {
					dst, checkDst := guarded(r, n, offset)
					a, checkA := guarded(r, n, offset)
					gate, checkGate := guarded(r, n, offset)
					gate[r.IntN(n)] = float32(math.NaN())
					gate[r.IntN(n)] = 0
					impl.gate(&dst[0], &a[0], &gate[0], n, 0.375)
					for i, v := range a {
						want := v * 0.375
						if !(gate[i] > 0) {
							want = 0
						}
						if dst[i] != want {
							t.Fatalf("n=%d: element %d is %v, want %v", n, i, dst[i], want)
						}
					}
					checkDst(t, "dst")
					checkA(t, "a")
					checkGate(t, "gate")
				}
			}
		})
	}
}

// Windows that overlap, with many equal elements: who has the maximum, and where the gradient goes from there.
func TestPool(t *testing.T) {
	for name, impl := range implementations {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 6))
			for channels := 8; channels <= 40; channels += 8 {
				for taps := 1; taps <= 9; taps++ {
					for offset := range 8 {
						testPool(t, r, impl, channels, taps, offset)
					}
				}
			}
		})
	}
}

func testPool(t *testing.T, r *rand.Rand, impl implementation, channels, taps, offset int) {
	const scale = 0.75
	count := 1 + r.IntN(3)
	x, checkX := guarded(r, (taps+count-1)*channels, offset)
	of, checkOf := guarded(r, count*channels, offset)
	dx, checkDX := guarded(r, (taps+count-1)*channels, offset)
	dy, checkDY := guarded(r, count*channels, offset)
	for i := range x {
		x[i] = float32(math.Round(float64(x[i])*2)) / 2 // many are equal
	}
	w := Winners{X: x, Of: of, XStep: channels, OfStep: channels, Count: count, Channels: channels, Floor: float32(math.Inf(-1))}
	if taps%2 == 0 {
		w.Floor = 0
	}
	p := Pool{Of: of, DX: dx, DY: dy, OfStep: channels, DXStep: channels, DYStep: channels, Count: count, Channels: channels, Scale: scale}
	order := r.Perm(taps)
	for _, k := range order {
		w.Taps = append(w.Taps, Term{A: int32(k * channels), B: int32(k)})
		p.Places = append(p.Places, int32((taps-1-len(p.Places))*channels))
	}
	want, winner := append([]float32(nil), dx...), make([]int32, count*channels)
	for i := range count {
		for c := range channels {
			best := order[0]
			for _, k := range order {
				if x[(i+k)*channels+c] > x[(i+best)*channels+c] {
					best = k
				}
			}
			winner[i*channels+c] = -1
			if x[(i+best)*channels+c] > w.Floor {
				winner[i*channels+c] = int32(best)
				want[(i+taps-1-best)*channels+c] += dy[i*channels+c] * scale
			}
		}
	}
	impl.winners(&w)
	for i, k := range winner {
		if got := int32(math.Float32bits(of[i])); got != k {
			t.Fatalf("%d channels, %d taps: element %d has the maximum of %d, want %d", channels, taps, got, i, k)
		}
	}
	impl.pool(&p)
	for i := range want {
		if !(math.Abs(float64(dx[i]-want[i])) <= 1e-6) {
			t.Fatalf("%d channels, %d taps: element %d is %v, want %v", channels, taps, i, dx[i], want[i])
		}
	}
	for what, check := range map[string]func(*testing.T, string){"X": checkX, "Of": checkOf, "DX": checkDX, "DY": checkDY} {
		check(t, what)
	}
}

// Every length up to five dozen: sums and values themselves, cut at a floor that NaN passes; in place as well.
func TestAdd(t *testing.T) {
	for name, impl := range implementations {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(9, 10))
			for n := 1; n < 60; n++ {
				for _, floor := range []float32{0, float32(math.Inf(-1))} {
					a, checkA := guarded(r, n, n%8)
					b, checkB := guarded(r, n, n%5)
					dst, checkDst := guarded(r, n, n%3)
					a[r.IntN(n)] = float32(math.NaN())
					var sums, values []float32
					for i := range n {
						sums, values = append(sums, max(a[i]+b[i], floor)), append(values, max(a[i], floor))
					}
					impl.add(&dst[0], &a[0], &b[0], n, floor)
					if fmt.Sprint(dst) != fmt.Sprint(sums) {
						t.Fatalf("%v of %v and %v: got %v, want %v", floor, a, b, dst, sums)
					}
					impl.atLeast(&dst[0], &a[0], n, floor)
					if fmt.Sprint(dst) != fmt.Sprint(values) {
						t.Fatalf("%v of %v: got %v, want %v", floor, a, dst, values)
					}
					impl.add(&a[0], &a[0], &b[0], n, floor)
					if fmt.Sprint(a) != fmt.Sprint(sums) {
						t.Fatalf("in place, %v: got %v, want %v", floor, a, sums)
					}
					checkA(t, "a")
					checkB(t, "b")
					checkDst(t, "dst")
				}
			}
		})
	}
}
