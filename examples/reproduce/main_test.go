package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestReport(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for _, r := range []struct{ name, accuracy string }{{"plain-1", "0.5"}, {"plain-2", "0.4"}, {"masked-1", "0.8"}, {"masked-2", "0.6"}} {
		names = append(names, put(t, dir, r.name+".json", `{"n":400,"accuracy":{"value":`+r.accuracy+`},"loss":{"value":0.5},"auc":{"value":null,"reason":"one class"}}`))
		put(t, dir, r.name+".jsonl", `{"epoch":1,"loss":2,"seconds":3}`+"\n"+`{"epoch":2,"loss":1.25,"seconds":4}`+"\n")
	}
	runs, err := readAll(names, studies["textures"])
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := studies["textures"].report(&b, runs); err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := curves(&picture, runs); err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(&picture)
	if err != nil || config.Width < 500 {
		t.Errorf("the curves are %d pixels wide, %v", config.Width, err)
	}
	for _, want := range []string{
		"| masked | 2 | 0.6000 | undefined | 0.5000 | 1.2500 | 7 |\n",
		"| plain | 1 | 0.5000 |",
		// Differences 0.3 and 0.2: mean 0.25, deviation 0.0707, t(0.975; 1) = 12.706, half width 12.706·0.0707/√2.
		"- masked − plain, paired by seed: 0.2500, 95 % interval -0.3853 to 0.8853 (2 seeds)",
		"400 samples", "2 epochs",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %q in\n%s", want, b.String())
		}
	}
}

func TestReportErrors(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.json": "{}", "a-1.json": "{}", "b-1.json": "no JSON"} {
		if _, err := readAll([]string{put(t, dir, name, text)}, studies["textures"]); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := readAll([]string{filepath.Join(dir, "c-1.json")}, studies["textures"]); err == nil {
		t.Error("missing file: no error")
	}
	if _, err := readAll(nil, studies["textures"]); err == nil {
		t.Error("no runs: no error")
	}
}
