package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"testing"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/golden"
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
