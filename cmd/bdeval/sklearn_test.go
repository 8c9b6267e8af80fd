package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"testing"

	"backdrop/cmd/internal/tool"
)

// python is the interpreter that has scikit-learn.
func python() string {
	if name := os.Getenv("BACKDROP_PYTHON"); name != "" {
		return name
	}
	if _, err := os.Stat("/usr/bin/python3"); err == nil {
		return "/usr/bin/python3"
	}
	return "python3"
}

func TestAgainstScikitLearn(t *testing.T) {
	if out, err := exec.Command(python(), "-c", "import sklearn").CombinedOutput(); err != nil && testing.Short() {
		t.Skipf("no scikit-learn: %v: %s", err, out)
	}
	script := exec.Command(python(), "testdata/reference.py", t.TempDir())
	script.Stderr = os.Stderr
	text, err := script.Output()
	if err != nil {
		t.Fatalf("%v (BACKDROP_PYTHON names a Python that has scikit-learn)", err)
	}
	var cases []struct {
		Name, Scores, Labels string
		Flags                []string
		Figures              map[string]float64
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
			args := append([]string{"bdeval", "--json", "--scores", c.Scores, "--labels", c.Labels}, c.Flags...)
			if code := tool.Run(context.Background(), newApp, args, tool.Streams{In: new(bytes.Buffer), Out: &stdout, Err: &stderr}); code != 0 {
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
				if !(math.Abs(*figure.Value-want) <= 1e-9*math.Abs(want)) {
					t.Errorf("%s: %v, want %v", name, *figure.Value, want)
				}
			}
		})
	}
}
