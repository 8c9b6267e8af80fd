package train

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"backdrop/lib/loss"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/scale"
)

// stripes are 8×8 samples of noise with horizontal (class 0) or vertical (class 1) stripes in it.
type stripes struct {
	x      [][]float32
	labels []int
}

func newStripes(n int, seed uint64) *stripes {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &stripes{}
	for i := range n {
		x := make([]float32, 64)
		for j := range x {
			place := j / 8
			if i%2 == 1 {
				place = j % 8
			}
			x[j] = float32(place%2) + float32(r.NormFloat64())/4
		}
		s.x, s.labels = append(s.x, x), append(s.labels, i%2)
	}
	return s
}

func (s *stripes) Len() int                       { return len(s.x) }
func (s *stripes) X(i int, _ []float32) []float32 { return s.x[i] }
func (s *stripes) Label(i int) int                { return s.labels[i] }

const network = `input c=1 h=8 w=8
conv out=4 kernel=3 pad=1
relu
backdrop name=fine p=0.5 axes=NHW
dropout p=0.1
gap
linear out=2
`

func config() Config {
	c, _ := optim.Default("adam")
	c.LR = 0.02
	return Config{Epochs: 12, Batch: 7, Seed: 3, Loss: loss.Config{Name: "xent"}, Optim: c, Schedule: "cosine", Warmup: 1}
}

func newTrainer(t *testing.T, c Config) (*Trainer, *net.Weights) {
	t.Helper()
	n, err := net.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	w.Init(c.Seed)
	trainer, err := New(n, w, c)
	if err != nil {
		t.Fatal(err)
	}
	return trainer, w
}

func values(w *net.Weights) [][]float32 {
	var all [][]float32
	for _, p := range w.Params {
		all = append(all, slices.Clone(p.Data))
	}
	return all
}

func ignore(Record) error { return nil }

func TestFitLearns(t *testing.T) {
	trainer, _ := newTrainer(t, config())
	var last Record
	err := trainer.Fit(context.Background(), newStripes(40, 1), newStripes(60, 2), func(r Record) error {
		last = r
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// The stripes are plain to see: a network that learns at all gets every unseen sample right.
	if *last.ValAccuracy != 1 || last.Epoch != 12 || last.Samples != 40 || last.Step != 12*6 {
		t.Errorf("last epoch: %+v, validation accuracy %v", last, *last.ValAccuracy)
	}
}

// Labels that contradict the training data cannot be learned: the validation loss soon rises, and the best weights
// are kept.
func TestPatienceKeepsTheBest(t *testing.T) {
	for every, epochs := range map[int]int{0: 3, 1: 3, 2: 4, 3: 3, 5: 5} { // between the best and the last one
		c := config()
		c.Epochs, c.ValEvery, c.Patience, c.Optim.LR = 400, every, 3, 0.1
		data, val := newStripes(10, 1), newStripes(10, 2)
		slices.Reverse(val.labels)
		trainer, w := newTrainer(t, c)
		best, bestLoss, bestEpoch, last := [][]float32(nil), math.Inf(1), 0, 0
		err := trainer.Fit(context.Background(), data, val, func(r Record) error {
			if r.ValLoss != nil && *r.ValLoss < bestLoss {
				best, bestLoss, bestEpoch = values(w), *r.ValLoss, r.Epoch
			}
			last = r.Epoch
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if last != bestEpoch+epochs {
			t.Errorf("validated every %d epochs, stopped after epoch %d, the best was %d and patience 3", every, last, bestEpoch)
		}
		if trainer.Left() != bestEpoch {
			t.Errorf("the weights are said to be those of epoch %d, the best was %d", trainer.Left(), bestEpoch)
		}
		trainer.Finish()
		if !reflect.DeepEqual(values(w), best) {
			t.Errorf("validated every %d epochs: the weights are not those of the best epoch", every)
		}
	}
}

// Validating less often leaves out figures of some epochs and changes nothing else.
func TestValEvery(t *testing.T) {
	data, val := newStripes(10, 1), newStripes(10, 2)
	var all, some []Record
	var weights [2][][]float32
	for i, every := range []int{0, 3} {
		c := config()
		c.Epochs, c.ValEvery = 8, every
		trainer, w := newTrainer(t, c)
		err := trainer.Fit(context.Background(), data, val, func(r Record) error {
			r.Seconds = 0
			if every == 0 && r.Epoch%3 != 0 {
				r.ValLoss, r.ValAccuracy = nil, nil
			}
			if every == 0 {
				all = append(all, r)
			} else {
				some = append(some, r)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		weights[i] = values(w)
	}
	if some[2].ValLoss == nil || some[5].ValLoss == nil || !reflect.DeepEqual(some, all) {
		t.Errorf("every third epoch: %+v, want %+v", some, all)
	}
	if !reflect.DeepEqual(weights[0], weights[1]) {
		t.Error("other weights")
	}
}

type stripeStream struct {
	*stripes
	at int
}

func (s *stripeStream) Next() ([]float32, int, error) {
	if s.at == s.Len() {
		return nil, 0, io.EOF
	}
	s.at++
	return s.x[s.at-1], s.labels[s.at-1], nil
}

func TestFitStreamTakesSamplesInOrder(t *testing.T) {
	c := config()
	c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
	trainer, _ := newTrainer(t, c)
	var record Record
	if err := trainer.FitStream(context.Background(), &stripeStream{stripes: newStripes(300, 1)}, nil, func(r Record) error {
		record = r
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if record.Samples != 300 || record.Step != 43 { // 42 batches of 7, and one of 6
		t.Errorf("%+v", record)
	}
	empty, _ := newTrainer(t, c)
	if err := empty.FitStream(context.Background(), &stripeStream{stripes: newStripes(0, 1)}, nil, ignore); err == nil {
		t.Error("an empty stream: no error")
	}
}

func TestSplitHoldsOutAShareOfEveryClass(t *testing.T) {
	data := newStripes(40, 1)
	part, held := Split(data, 0.25, 5)
	count := [2]int{}
	for i := range held.Len() {
		count[held.Label(i)]++
	}
	if part.Len() != 30 || count != [2]int{5, 5} {
		t.Errorf("%d to train on, %v to validate on", part.Len(), count)
	}
	all := append(slices.Clone(part.Numbers), held.Numbers...)
	slices.Sort(all)
	for i, n := range all {
		if i != n {
			t.Fatalf("sample %d is missing or twice in %v", i, all)
		}
	}
	if _, other := Split(data, 0.25, 6); slices.Equal(other.Numbers, held.Numbers) {
		t.Error("another seed holds out the same samples")
	}
}

// A class of one or two samples keeps one to train on, whatever the share; the split of larger ones does not depend on them.
func TestSplitLeavesEveryClassASample(t *testing.T) {
	data := newStripes(40, 1)
	_, want := Split(data, 0.9, 5)
	few := newStripes(43, 1)
	few.labels[40], few.labels[41], few.labels[42] = 7, 8, 8
	for _, fraction := range []float64{0.5, 0.75, 0.9, 0.999} {
		part, held := Split(few, fraction, 5)
		train, val := map[int]int{}, map[int]int{}
		for i := range part.Len() {
			train[part.Label(i)]++
		}
		for i := range held.Len() {
			val[held.Label(i)]++
		}
		if train[7] != 1 || train[8] != 1 || val[8] != 1 || train[0] == 0 || train[1] == 0 {
			t.Errorf("share %v: %v to train on, %v to validate on", fraction, train, val)
		}
		if fraction == 0.9 && !slices.Equal(held.Numbers[:len(held.Numbers)-1], want.Numbers) {
			t.Errorf("share %v: held out %v, want %v and one more", fraction, held.Numbers, want.Numbers)
		}
	}
}

// One epoch of data at hand is that of a stream of them: in their order, whatever else is asked for.
func TestOneEpochIsInTheOrderOfTheData(t *testing.T) {
	data := newStripes(40, 1)
	for _, change := range []func(*Config){
		func(*Config) {},
		func(c *Config) { c.Augment = Augment{Flip: true, Roll: true} },
		func(c *Config) { c.Normalisation = scale.Normalisation{Mean: []float32{0.5}, Std: []float32{0.7}} },
	} {
		c := config()
		c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
		change(&c)
		trainer, streamed := newTrainer(t, c)
		if err := trainer.FitStream(t.Context(), &stripeStream{stripes: data}, nil, ignore); err != nil {
			t.Fatal(err)
		}
		trainer, tabled := newTrainer(t, c)
		if err := trainer.Fit(t.Context(), data, nil, ignore); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(values(streamed), values(tabled)) {
			t.Errorf("%+v: the weights differ", c)
		}
		c.Epochs = 2
		trainer, first := newTrainer(t, c)
		stop := errors.New("stop")
		if err := trainer.Fit(t.Context(), data, nil, func(Record) error { return stop }); err != stop {
			t.Fatal(err)
		}
		if reflect.DeepEqual(values(first), values(tabled)) {
			t.Error("the first of two epochs is not shuffled")
		}
	}
}

// scaledStream finds out with the first batch what its samples are to go through.
type scaledStream struct {
	stripeStream
	asked []int // how many samples were read
}

func (s *scaledStream) Normalisation() scale.Normalisation {
	s.asked = append(s.asked, s.at)
	return scale.Normalisation{Mean: []float32{0.5}, Std: []float32{0.7}}
}

// What a stream says when its first batch was read holds for that batch, the others, and validation.
func TestStreamSaysItsNormalisation(t *testing.T) {
	c := config()
	c.Epochs, c.Schedule, c.Warmup = 1, "const", 0
	fit := func(c Config, data Stream) (weights [][]float32, last Record) {
		trainer, w := newTrainer(t, c)
		if err := trainer.FitStream(t.Context(), data, newStripes(10, 2), func(r Record) error { last = r; return nil }); err != nil {
			t.Fatal(err)
		}
		last.Seconds = 0
		return values(w), last
	}
	data := &scaledStream{stripeStream: stripeStream{stripes: newStripes(20, 1)}}
	got, gotLast := fit(c, data)
	c.Normalisation = data.Normalisation()
	want, wantLast := fit(c, &stripeStream{stripes: newStripes(20, 1)})
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotLast, wantLast) {
		t.Errorf("weights or last record differ: %+v, want %+v", gotLast, wantLast)
	}
	if data.asked[0] != c.Batch {
		t.Errorf("asked after %d samples, want %d", data.asked[0], c.Batch)
	}
}

// A shift and a reflection of the torus keep every value and who its neighbours are.
func TestAugmentKeepsNeighbours(t *testing.T) {
	s := net.Shape{C: 2, H: 5, W: 7}
	x := make([]float32, s.Len())
	for i := range x {
		x[i] = float32(i)
	}
	r := rand.New(rand.NewPCG(1, 1))
	moved := 0
	for range 50 {
		y := make([]float32, s.Len())
		Augment{Flip: true, Roll: true}.apply(y, x, s, r)
		sorted := slices.Clone(y)
		slices.Sort(sorted)
		if !slices.Equal(sorted, x) {
			t.Fatal("values are lost")
		}
		for c := range s.C {
			for i := range s.H {
				for j := range s.W {
					here, right := int(y[(c*s.H+i)*s.W+j]), int(y[(c*s.H+i)*s.W+(j+1)%s.W])
					if step := (right%s.W - here%s.W + s.W) % s.W; here/s.W != right/s.W || step != 1 && step != s.W-1 {
						t.Fatalf("value %d has %d on its right", here, right)
					}
				}
			}
		}
		if !slices.Equal(x, y) {
			moved++
		}
	}
	if moved < 45 { // the identity has probability 1/140
		t.Errorf("only %d of 50 were changed", moved)
	}
}

// A crop is a window of the sample, or of its torus with roll, and every place has its turn.
func TestAugmentCrops(t *testing.T) {
	s := net.Shape{C: 2, H: 5, W: 4}
	x := make([]float32, s.Len())
	for i := range x {
		x[i] = float32(i)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for name, c := range map[string]struct {
		augment Augment
		corners int
	}{
		"inside": {Augment{Crop: 3}, 3 * 2}, "round the torus": {Augment{Crop: 3, Roll: true}, 5 * 4},
		"one side": {Augment{Crop: 4}, 2},
	} {
		out := c.augment.shape(s)
		seen := map[float32]bool{}
		for range 1000 {
			y := make([]float32, out.Len())
			c.augment.apply(y, x, s, r)
			top, left := int(y[0])/s.W, int(y[0])%s.W
			seen[y[0]] = true
			for i, v := range y {
				row, col := (top+i/out.W%out.H)%s.H, (left+i%out.W)%s.W
				if want := float32((i/(out.H*out.W)*s.H+row)*s.W + col); v != want {
					t.Fatalf("%s: value %d of %v is %v, want %v", name, i, y, v, want)
				}
			}
		}
		if len(seen) != c.corners {
			t.Errorf("%s: %d places, want %d", name, len(seen), c.corners)
		}
	}
}

// Training on crops changes the weights of the network of whole samples, which validation sees.
func TestFitOnCrops(t *testing.T) {
	c := config()
	c.Augment = Augment{Crop: 5, Flip: true}
	trainer, _ := newTrainer(t, c)
	var last Record
	err := trainer.Fit(t.Context(), newStripes(40, 1), newStripes(40, 2), func(r Record) error { last = r; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if last.Accuracy < 0.9 || *last.ValAccuracy < 0.9 {
		t.Errorf("accuracy %v on crops, %v on whole samples, want 0.9", last.Accuracy, *last.ValAccuracy)
	}
}

func TestCropsNeedTheSameParameters(t *testing.T) {
	for text, want := range map[string]string{
		"input c=1 h=8 w=8\nconv out=2 kernel=3\nflatten\nlinear out=2": "end the network with gap",
		"input c=1 h=8 w=8\nconv out=2 kernel=6\ngap\nlinear out=2":     "crops of 5 pixels: net: layer 0",
		"input c=1 h=4 w=4\ngap\nlinear out=2":                          "crops of 5 pixels are larger than the samples, 1×4×4",
	} {
		n, err := net.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (Augment{Crop: 5}).Network(n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestConfigErrors(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"epochs":        func(c *Config) { c.Epochs = 0 },
		"batch":         func(c *Config) { c.Batch = -1 },
		"validation":    func(c *Config) { c.ValEvery = -1 },
		"too late":      func(c *Config) { c.ValEvery = c.Epochs + 1 },
		"patience":      func(c *Config) { c.Patience = -1 },
		"warm-up":       func(c *Config) { c.Warmup = math.NaN() },
		"learning rate": func(c *Config) { c.Optim.LR = -1 },
		"schedule":      func(c *Config) { c.Schedule = "step" },
		"loss":          func(c *Config) { c.Loss.Name = "auc" },
	} {
		c := config()
		change(&c)
		if err := c.Validate(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestNormalisationMustFit(t *testing.T) {
	n, err := net.Parse(network)
	if err != nil {
		t.Fatal(err)
	}
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []scale.Normalisation{{Mean: []float32{0}, Std: []float32{0}}, {Mean: []float32{0, 0}, Std: []float32{1, 1}}} {
		c := config()
		c.Normalisation = bad
		if _, err := New(n, w, c); err == nil {
			t.Errorf("%v of one channel was taken", bad)
		}
	}
}
