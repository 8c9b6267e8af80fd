package loss

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// newLoss returns the loss for networks with one output.
func newLoss(t testing.TB, c Config) Loss {
	t.Helper()
	l, err := New(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// column makes one score a sample of a list.
func column(s ...float32) [][]float32 {
	var out [][]float32
	for _, v := range s {
		out = append(out, []float32{v})
	}
	return out
}

func TestGoldenLoss(t *testing.T) {
	names := map[string]string{"loss_bce": "bce", "loss_auc_sqhinge": "auc-sqhinge", "loss_auc_logistic": "auc-logistic", "loss_auc_sigmoid": "auc-sigmoid", "loss_soft_f1": "soft-f1"}
	for _, c := range golden.Cases(t, "loss_") {
		t.Run(c.Name, func(t *testing.T) {
			if names[c.Name] == "" {
				t.Fatalf("there is no loss for the case %s", c.Name)
			}
			scores, _ := c.Float32(t, "scores")
			b := Batch{Scores: column(scores...), Labels: c.Ints(t, "labels")}
			d := column(make([]float32, len(scores))...)
			value, err := newLoss(t, Config{Name: names[c.Name]}).Grad(b, d)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := c.Float32(t, "loss")
			golden.Close(t, "loss", []float32{float32(value)}, want, c.RTol())
			want, _ = c.Float32(t, "dscores")
			got := make([]float32, len(d))
			for i := range d {
				got[i] = d[i][0]
			}
			golden.Close(t, "gradient", got, want, c.RTol())
		})
	}
}

// Values that can be checked in the head.
func TestBinaryByHand(t *testing.T) {
	ln3 := float32(math.Log(3)) // σ(ln 3) = 3/4
	for _, c := range []struct {
		config Config
		scores []float32
		labels []int
		value  float64
		grad   []float64
	}{
		{Config{Name: "bce"}, []float32{0, 0}, []int{1, 0}, math.Ln2, []float64{-0.25, 0.25}},
		{Config{Name: "bce"}, []float32{ln3}, []int{1}, math.Log(4.0 / 3), []float64{-0.25}},
		{Config{Name: "bce", PositiveWeight: 3}, []float32{0, 0}, []int{1, 0}, 2 * math.Ln2, []float64{-0.75, 0.25}},
		{Config{Name: "bce"}, []float32{1000, -1000}, []int{1, 0}, 0, []float64{0, 0}},
		{Config{Name: "bce"}, []float32{1000, -1000}, []int{0, 1}, 1000, []float64{0.5, -0.5}},
		{Config{Name: "auc-sqhinge"}, []float32{0, 0}, []int{1, 0}, 1, []float64{-2, 2}},
		{Config{Name: "auc-sqhinge"}, []float32{1, 0}, []int{1, 0}, 0, []float64{0, 0}},
		{Config{Name: "auc-sqhinge"}, []float32{2, 0, 1.5}, []int{1, 0, 0}, 0.125, []float64{-0.5, 0, 0.5}},
		{Config{Name: "auc-sqhinge"}, []float32{1e6, 1e6 + 1}, []int{1, 0}, 4, []float64{-4, 4}},
		{Config{Name: "auc-logistic"}, []float32{ln3, 0}, []int{1, 0}, math.Log(4.0 / 3), []float64{-0.25, 0.25}},
		{Config{Name: "auc-sigmoid"}, []float32{ln3, 0}, []int{1, 0}, 0.25, []float64{-3.0 / 16, 3.0 / 16}},
		{Config{Name: "auc-logistic"}, []float32{-1000, 1000}, []int{1, 0}, 2000, []float64{-1, 1}},
		// Σp = 1, Σpy = 1/2, Σy = 1
		{Config{Name: "soft-f1"}, []float32{0, 0}, []int{1, 0}, 0.5, []float64{-(2 - 0.5) / 2 / 4, 0.5 / 2 / 4}},
		{Config{Name: "soft-f2"}, []float32{0, 0}, []int{1, 0}, 1 - 2.5/5, []float64{-(5 - 0.5) / 5 / 4, 0.5 / 5 / 4}},
		{Config{Name: "soft-f1e-200"}, []float32{-1000}, []int{1}, 1, []float64{0}},
		// one positive, σ(0) = 1/2 of a rank behind one negative: 1 − 1/1.5
		{Config{Name: "smooth-ap"}, []float32{0, 0}, []int{1, 0}, 1.0 / 3, []float64{-1 / (1.5 * 1.5) / 4, 1 / (1.5 * 1.5) / 4}},
		// the same a score of ln 3 behind, at temperature 1/2 that of 2 ln 3 = ln 9: σ = 9/10, 1 − 1/1.9
		{Config{Name: "smooth-ap", Temperature: 0.5}, []float32{0, ln3}, []int{1, 0}, 0.9 / 1.9, []float64{-2 * 0.09 / (1.9 * 1.9), 2 * 0.09 / (1.9 * 1.9)}},
	} {
		d := column(make([]float32, len(c.scores))...)
		value, err := newLoss(t, c.config).Grad(Batch{Scores: column(c.scores...), Labels: c.labels}, d)
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		if !(math.Abs(value-c.value) <= 1e-7*max(1, c.value)) {
			t.Errorf("%s of %v, %v is %v, want %v", c.config.Name, c.scores, c.labels, value, c.value)
		}
		for i, want := range c.grad {
			if !(math.Abs(float64(d[i][0])-want) <= 1e-6) {
				t.Errorf("%s of %v, %v: gradient %d is %v, want %v", c.config.Name, c.scores, c.labels, i, d[i][0], want)
			}
		}
	}
}

// noise is a batch with ties: scores are multiples of 1/8, or of 1/1024.
func noise(r *rand.Rand, n int, grid float64) Batch {
	var b Batch
	for range n {
		b.Scores = append(b.Scores, []float32{float32(math.Round(r.NormFloat64()*grid) / grid)})
		b.Labels = append(b.Labels, r.IntN(4)/3)
		b.Attribute = append(b.Attribute, math.Round(r.NormFloat64()*4)/4)
	}
	return b
}

// The sweep against all pairs.
func TestSquaredHingeIsAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	hinge := func(m float64) (float64, float64) {
		d := max(0, 1-m)
		return d * d, -2 * d
	}
	for n := 2; n <= 200; n++ {
		b := noise(r, n, []float64{2, 8, 1024}[n%3])
		b.Labels[0], b.Labels[1] = 1, 0
		got, want := column(make([]float32, n)...), column(make([]float32, n)...)
		value, err := newLoss(t, Config{Name: "auc-sqhinge"}).Grad(b, got)
		if err != nil {
			t.Fatal(err)
		}
		brute, err := (&binary{outputs: 1, f: allPairs(hinge)}).Grad(b, want)
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(value-brute) <= 1e-12*brute) {
			t.Errorf("n=%d: %v, all pairs give %v", n, value, brute)
		}
		for i := range got {
			if !(math.Abs(float64(got[i][0]-want[i][0])) <= 1e-6*math.Abs(float64(want[i][0]))) {
				t.Errorf("n=%d: gradient %d is %v, all pairs give %v", n, i, got[i][0], want[i][0])
			}
		}
	}
}

var all = []Config{
	{Name: "bce"}, {Name: "bce", PositiveWeight: 7.5}, {Name: "auc-sqhinge"}, {Name: "auc-logistic"}, {Name: "auc-sigmoid"}, {Name: "soft-f1"}, {Name: "soft-f0.5"}, {Name: "smooth-ap"}, {Name: "smooth-ap", Temperature: 0.25},
	{Name: "bce", Penalties: []Penalty{{"mmd", 0.5}}},
	{Name: "auc-logistic", Penalties: []Penalty{{"dcov", 2}, {"mmd", 1}}},
}

func TestBinaryFiniteDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const h = 1.0 / 4096 // a step that float32 scores take exactly
	for _, c := range all {
		for outputs := 1; outputs <= 2; outputs++ {
			b := noise(r, 40, 64)
			order := r.Perm(len(b.Scores))
			for i := range b.Scores { // apart, for where two scores meet their distance has a kink
				b.Scores[i][0] = float32(order[i]-20) / 16
				if outputs == 2 {
					b.Scores[i] = append(b.Scores[i], float32(math.Round(r.NormFloat64()*1024)/1024))
				}
			}
			l, err := New(c, outputs)
			if err != nil {
				t.Fatal(err)
			}
			value := func(d [][]float32) float64 {
				v, err := l.Grad(b, d)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			d := make([][]float32, len(b.Scores))
			for i := range d {
				d[i] = make([]float32, outputs)
			}
			value(d)
			for i := range b.Scores {
				for k, s := range b.Scores[i] {
					b.Scores[i][k] = s + h
					up, upper := value(nil), float64(b.Scores[i][k])
					b.Scores[i][k] = s - h
					down, lower := value(nil), float64(b.Scores[i][k])
					b.Scores[i][k] = s
					want := (up - down) / (upper - lower)
					if !(math.Abs(float64(d[i][k])-want) <= 1e-5) {
						t.Errorf("%+v, %d outputs: gradient %d,%d is %v, difference quotient %v", c, outputs, i, k, d[i][k], want)
					}
				}
			}
		}
	}
}

func TestBinaryUndefinedOrNotFinite(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, c := range all {
		l := newLoss(t, c)
		for _, s := range []float32{float32(math.NaN()), inf, -inf} {
			v, err := l.Grad(Batch{Scores: column(1, s), Labels: []int{1, 0}, Attribute: []float64{0, 1}}, column(0, 0))
			if err != nil || v-v == 0 {
				t.Errorf("%+v of score %v: %v, %v, want a value that is not finite", c, s, v, err)
			}
		}
		for label := range 2 {
			_, err := l.Grad(Batch{Scores: column(1, 2), Labels: []int{label, label}, Attribute: []float64{0, 1}}, column(0, 0))
			undefined := NeedsBoth(c.Name) || strings.HasPrefix(c.Name, "soft-") && label == 0
			if errors.Is(err, ErrUndefined) != undefined || err != nil && !undefined {
				t.Errorf("%+v of class %d alone: error %v", c, label, err)
			}
		}
		if _, err := l.Grad(Batch{Scores: column(1, 2), Labels: []int{0, 2}}, nil); err == nil {
			t.Errorf("%+v: label 2 was taken", c)
		}
	}
}

func TestConfigErrors(t *testing.T) {
	for _, c := range []Config{
		{Name: "auc"}, {Name: "soft-f"}, {Name: "soft-f0"}, {Name: "soft-f-1"}, {Name: "soft-fInf"}, {Name: "soft-fNaN"},
		{Name: "bce", PositiveWeight: -1}, {Name: "bce", PositiveWeight: math.Inf(1)}, {Name: "bce", PositiveWeight: math.NaN()},
		{Name: "soft-f1", PositiveWeight: 2},
		{Name: "smooth-ap", Temperature: -1}, {Name: "smooth-ap", Temperature: math.Inf(1)}, {Name: "smooth-ap", Temperature: math.NaN()}, {Name: "auc-sigmoid", Temperature: 2},
		{Name: "bce", Penalties: []Penalty{{"mmd", -1}}}, {Name: "bce", Penalties: []Penalty{{"mmd", math.NaN()}}}, {Name: "bce", Penalties: []Penalty{{"hsic", 1}}},
	} {
		if c.Validate() == nil {
			t.Errorf("%+v was taken", c)
		}
		if _, err := New(c, 1); err == nil {
			t.Errorf("%+v was made", c)
		}
	}
	if _, err := New(Config{Name: "bce"}, 3); err == nil {
		t.Error("bce of 3 outputs was made")
	}
}

// All pairs of 10⁶ scores would be 10¹¹.
func BenchmarkSquaredHinge(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	batch := Batch{}
	d := [][]float32{}
	for range 1_000_000 {
		y := r.IntN(10) / 9
		batch.Scores, batch.Labels = append(batch.Scores, []float32{float32(r.NormFloat64()) + float32(y)}), append(batch.Labels, y)
		d = append(d, make([]float32, 1))
	}
	l := newLoss(b, Config{Name: "auc-sqhinge"})
	for b.Loop() {
		if _, err := l.Grad(batch, d); err != nil {
			b.Fatal(err)
		}
	}
}
