package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/lib/metric"
)

func TestAgainstScikitLearn(t *testing.T) {
	reference, err := filepath.Abs("testdata/reference.py")
	if err != nil {
		t.Fatal(err)
	}
	text := golden.Run(t, "", nil, golden.Python(t, "sklearn"), reference, t.TempDir())
	var cases []struct {
		Name, Scores, Labels string
		Flags                []string
		Figures              map[string]float64
		Curves               map[string]string // the file of each that is expected
		PerClass             [][5]float64      `json:"per_class"` // precision, recall, F1, support, AUC
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			args := append([]string{"bdeval", "--json", "--metrics", "all", "--scores", c.Scores, "--labels", c.Labels}, c.Flags...)
			dir := t.TempDir()
			for kind := range c.Curves {
				args = append(args, "--"+kind, filepath.Join(dir, kind+".npy"))
			}
			if code := tool.Run(context.Background(), newApp, args, tool.Stdio{In: new(bytes.Buffer), Out: &stdout, Err: &stderr}); code != 0 {
				t.Fatalf("exit code %d: %s", code, stderr.String())
			}
			var got map[string]json.RawMessage
			if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			for name, want := range c.Figures {
				var figure struct{ Value *float64 }
				if err := json.Unmarshal(got[name], &figure); err != nil || figure.Value == nil {
					t.Errorf("%s: %s (%v), want %v", name, got[name], err, want)
					continue
				}
				if !agree(*figure.Value, want) {
					t.Errorf("%s: %v, want %v", name, *figure.Value, want)
				}
			}
			var rows []metric.ClassFigures
			if err := json.Unmarshal(perClassValues.ReplaceAll(got["per_class"], []byte(`{"V":$1}`)), &rows); err != nil {
				t.Fatal(err)
			}
			if len(rows) != len(c.PerClass) || len(rows) == 0 {
				t.Fatalf("%d rows for %d classes", len(rows), len(c.PerClass))
			}
			for i, want := range c.PerClass {
				r := rows[i]
				for k, v := range []float64{r.Precision.V, r.Recall.V, r.F1.V, float64(r.Support), r.AUC.V} {
					if !agree(v, want[k]) {
						t.Errorf("class %d, column %d: %v, want %v", i, k, v, want[k])
					}
				}
			}
			for kind, file := range c.Curves {
				compareArrays(t, kind, filepath.Join(dir, kind+".npy"), file)
			}
		})
	}
}

// perClassValues are the figures of the table, which as JSON have the names of the contract.
var perClassValues = regexp.MustCompile(`\{"value":([^}]*)\}`)

func agree(got, want float64) bool {
	return got == want || math.Abs(got-want) <= 1e-9*math.Abs(want)
}

func compareArrays(t *testing.T, what, got, want string) {
	t.Helper()
	a, b := must(npy.Open(got)), must(npy.Open(want))
	if !slices.Equal(a.Shape, b.Shape) {
		t.Errorf("%s: shape %v, want %v", what, a.Shape, b.Shape)
		return
	}
	expected := b.Float64()
	for i, v := range a.Float64() {
		if !agree(v, expected[i]) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, v, expected[i])
		}
	}
}
