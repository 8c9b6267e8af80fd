package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"testing"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/gp"
)

// run returns what gpgen writes.
func run(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, stderr bytes.Buffer
	code := tool.Run(context.Background(), newApp, append([]string{"gpgen"}, args...), tool.Stdio{Out: &out, Err: &stderr})
	if code != 0 || stderr.Len() > 0 {
		t.Fatalf("gpgen %q: exit code %d, %s", args, code, &stderr)
	}
	return out.Bytes()
}

// The samples of a stream, compressed or not, are those of lib/gp, with their labels and what made them.
func TestStream(t *testing.T) {
	flags := []string{"-n", "6", "--shape", "12,20", "--scales", "1,1.5:4,5", "--power", "0.5,2", "--seed", "7", "--start", "999997"}
	sampler, err := gp.NewSampler(gp.Spec{Shape: []int{12, 20}, Scales: [][]gp.Length{{{1}, {1.5}}, {{4}, {5}}}, Power: []float64{0.5, 2}, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"zstd", "none"} {
		r, err := stream.NewReader(bytes.NewReader(run(t, append(flags, "--compress", how)...)), stream.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		d := r.Metadata()
		if want := []string{"1-4", "1.5-4", "1-5", "1.5-5"}; !slices.Equal(d.Classes, want) {
			t.Errorf("classes %q, want %q", d.Classes, want)
		}
		if d.Tool != "gpgen" || d.Version != tool.Version || !slices.Equal(d.Command, flags) {
			t.Errorf("made by %s %s %q, want %q", d.Tool, d.Version, d.Command, flags)
		}
		want := make([]float32, 12*20)
		for i, key := range []string{"999997", "999998", "999999", "1000000", "1000001", "1000002"} {
			s, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			sampler.Draw(999997+i, want)
			if s.Key != key || s.LabelText != strconv.Itoa((999997+i)%4) || !slices.Equal(s.Shape, []int{12, 20}) || !slices.Equal(s.X, want) {
				t.Errorf("sample %d: key %s, label %s, shape %v, or other values", i, s.Key, s.LabelText, s.Shape)
			}
			if key == "1000000" {
				if want := `{"sample":1000000,"class":"1-4","lengths":[1,4],"seed":7}`; string(s.Info) != want {
					t.Errorf("info %s, want %s", s.Info, want)
				}
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("after the last sample: %v", err)
		}
	}
}

func TestArray(t *testing.T) {
	flags := []string{"-n", "5", "--size", "9", "--scales", "1:4", "--format", "npy"}
	read := func(more ...string) (*npy.Array, []float32) {
		a, err := npy.Read(bytes.NewReader(run(t, append(flags, more...)...)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Shape, []int{5, 9, 9}) {
			t.Errorf("%v: shape %v", more, a.Shape)
		}
		x, err := a.Float32()
		if err != nil {
			t.Fatal(err)
		}
		return a, x
	}
	_, want := read()
	if a, x := read("--dtype", "f8"); a.DType != npy.Float64 || !slices.Equal(x, want) {
		t.Errorf("f8: type %v or other values", a.DType)
	}
	a, x := read("--dtype", "f2")
	if a.DType != npy.Float16 {
		t.Errorf("f2: type %v", a.DType)
	}
	for i := range x {
		if d := x[i] - want[i]; !(d <= 0x1p-9 && d >= -0x1p-9) { // half an ulp below 8
			t.Fatalf("f2: value %d is %g, want %g", i, x[i], want[i])
		}
	}
}

// Whatever the number of threads, samples come in order; an error from emit ends the drawing.
func TestDraw(t *testing.T) {
	sampler, _, err := newSampler(gp.Spec{Shape: []int{8, 8}, Scales: [][]gp.Length{{{1}, {2}}}, Power: []float64{1}}, 1, 4, job{})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float32, 64)
	stop := errors.New("enough")
	for _, threads := range []int{1, 2, 7} {
		for _, count := range []int{0, 1, 3, 50} {
			next := 4
			err := draw(sampler, numbers{first: 4, step: 3, count: count}, threads, func(number int, x []float32) error {
				sampler.Draw(next, want)
				if number != next || !slices.Equal(x, want) {
					t.Errorf("threads %d: sample %d out of place, want %d", threads, number, next)
				}
				next += 3
				if next == 4+3*20 {
					return stop
				}
				return nil
			})
			if got, want := (next-4)/3, min(count, 20); got != want || count > 20 != errors.Is(err, stop) {
				t.Errorf("threads %d: %d samples of %d, error %v", threads, got, count, err)
			}
		}
	}
}
