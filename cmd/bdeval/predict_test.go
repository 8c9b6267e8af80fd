package main

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/formats/npy"
	"backdrop/internal/testkit/forms"
	"backdrop/internal/testkit/golden"
)

// odd are names of classes that a table has to quote, or could take for its own columns.
var odd = []string{"a, b", `say "c"`, "key", "p_key", "ä→ö", " led by a space", "=1+1"}

// What predict and --worst write is read back by Python's csv and json, and agrees with the scores and with scikit-learn's log loss:
// for networks with an output for each class and with one, and for keys and names of any kind.
func TestPredictionsAgainstPython(t *testing.T) {
	reference, err := filepath.Abs("testdata/predicted.py")
	if err != nil {
		t.Fatal(err)
	}
	python := golden.Python(t, "numpy", "sklearn")
	for _, c := range []struct {
		name             string
		classes          []string
		positive         string
		told             []string
		labelled, spread int // samples with labels; how large scores are
	}{
		{name: "odd names", classes: odd, told: odd, labelled: 300, spread: 4},
		{name: "far apart", classes: odd[:3], told: odd[:3], labelled: 300, spread: 100},
		{name: "some without labels", classes: odd[:4], told: odd[:4], labelled: 200, spread: 2},
		{name: "one output", classes: odd[:2], positive: odd[0], told: []string{odd[1], odd[0]}, labelled: 300, spread: 5},
		{name: "one against the rest", classes: odd, positive: "key", told: []string{"rest", "key"}, labelled: 300, spread: 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			keys, labels := write(t, dir, c.classes, c.positive, c.labelled, float32(c.spread))
			const worst = 25
			var positive *string
			if c.positive != "" {
				positive = &c.positive
			}
			told := must(json.Marshal(map[string]any{"keys": keys, "labels": labels, "classes": c.classes, "told": c.told, "positive": positive, "worst": worst}))
			check(os.WriteFile(filepath.Join(dir, "told.json"), told, 0o666))
			m, d := filepath.Join(dir, "m"), filepath.Join(dir, "d")
			bdeval(t, "predict", "-m", m, d, "-o", filepath.Join(dir, "predictions.csv"))
			bdeval(t, "predict", "-m", m, d, "--jsonl", "--batch", "7", "-o", filepath.Join(dir, "predictions.jsonl"))
			bdeval(t, "-m", m, d, "--metrics", "none", "--scores-out", filepath.Join(dir, "scores.npy"))
			if c.labelled == len(keys) {
				bdeval(t, "-m", m, d, "--metrics", "loss", "--worst", fmt.Sprint(worst), "--json", "--batch", "9", "-o", filepath.Join(dir, "worst.json"))
			}
			golden.Run(t, "", nil, python, reference, dir)
		})
	}
}

// write writes a model, m, whose logits are the pixels of a sequence, and samples, d, the first of which have labels.
func write(t *testing.T, dir string, classes []string, positive string, labelled int, spread float32) (keys []string, labels []int) {
	t.Helper()
	const samples = 300
	outputs := len(classes)
	if positive != "" {
		outputs = 1
	}
	weight := make([]float32, outputs*outputs)
	for i := range outputs {
		weight[i*outputs+i] = 1
	}
	m := &model.Model{
		Network: fmt.Sprintf("input c=1 w=%d\nflatten\nlinear out=%d\n", outputs, outputs), Classes: classes, Positive: positive,
		Mean: []float32{0}, Std: []float32{1},
		Params: []model.Param{{Name: "1.weight", Shape: []int{outputs, outputs}, Data: weight}, {Name: "1.bias", Shape: []int{outputs}, Data: make([]float32, outputs)}},
	}
	out := must(os.Create(filepath.Join(dir, "m")))
	check(m.Write(out))
	check(out.Close())

	members := []string{"__meta__/dataset.json", string(must(json.Marshal(map[string]any{"classes": classes})))}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range samples {
		key := fmt.Sprintf("%s/%d %s", []string{"a, b", `"quoted"`, "ü", "=SUM(A1)", "'x"}[i%5], i, strings.Repeat(`,"`, i%4))
		x := make([]float32, outputs)
		for k := range x {
			if i%10 != 0 { // those are ties
				x[k] = spread * float32(r.NormFloat64())
			}
		}
		var array bytes.Buffer
		check(npy.WriteFloat32(&array, []int{outputs}, x))
		members = append(members, key+".x.npy", array.String())
		label := -1
		if i < labelled {
			label = r.IntN(len(classes))
			members = append(members, key+".cls", fmt.Sprint(label))
		}
		keys, labels = append(keys, key), append(labels, label)
	}
	check(os.WriteFile(filepath.Join(dir, "d"), must(forms.Tar(tar.FormatPAX, members...)), 0o666))
	return keys, labels
}

// bdeval runs the tool, which must be done without a word.
func bdeval(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	s := tool.Stdio{In: new(bytes.Buffer), Out: &stdout, Err: &stderr}
	if code := tool.Run(context.Background(), newApp, append([]string{"bdeval"}, args...), s); code != 0 || stderr.Len() > 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, &stderr)
	}
	return stdout.String()
}
