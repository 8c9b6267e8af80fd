package main

import (
	"fmt"
	"html"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/formats/model"
	"backdrop/lib/draw"
)

func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// studied makes the files of a study with the arms plain and masked and two seeds, and returns their folder and names.
func studied(t *testing.T, s study) (dir string, files []string) {
	t.Helper()
	dir = t.TempDir()
	keep := func(name string) {
		put(t, dir, name+".cmd", "bin/tool --fine '"+name+"' > "+name+"\n")
		files = append(files, filepath.Join(dir, name))
	}
	keep(filepath.Base(put(t, dir, "test.tar.zst", "")))
	for _, r := range []struct{ name, accuracy string }{{"plain-1", "0.5"}, {"plain-2", "0.4"}, {"masked-1", "0.8"}, {"masked-2", "0.6"}} {
		put(t, dir, r.name+".json", `{"n":400,"accuracy":{"value":`+r.accuracy+`},"loss":{"value":0.5},"auc":{"value":null,"reason":"one class"}}`)
		put(t, dir, r.name+".jsonl", `{"epoch":1,"loss":2,"accuracy":0.25,"seconds":3}`+"\n"+`{"epoch":2,"loss":1.25,"accuracy":0.5,"seconds":4}`+"\n")
		m := &model.Model{Network: "input c=1 h=1 w=1\nlinear out=2\n", Std: 1, Version: "0.1.2"}
		if err := create(filepath.Join(dir, r.name+".model.tar.zst"), func(w io.Writer) error { return m.Write(w) }); err != nil {
			t.Fatal(err)
		}
		keep(r.name + ".model.tar.zst")
		keep(r.name + ".json")
	}
	for _, p := range s.Pictures {
		if drawn[p.File] != nil {
			continue
		}
		field := draw.NewField(64, 64)
		for i := range field.Data {
			field.Data[i] = float32(i % 97)
		}
		sheet := draw.Sheet{Title: p.Title, Panels: []draw.Panel{{Heatmap: draw.Heatmap{Field: field, Map: draw.Viridis, Range: draw.Span(field)}}}}
		if err := create(filepath.Join(dir, p.File), sheet.Encode); err != nil {
			t.Fatal(err)
		}
		keep(p.File)
	}
	return dir, files
}

func TestReport(t *testing.T) {
	dir, files := studied(t, studies["textures"])
	if err := write("textures", dir, files); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"curves.png", "comparison.png"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if config, err := png.DecodeConfig(f); err != nil || config.Width < 500 {
			t.Errorf("%s is %d pixels wide, %v", name, config.Width, err)
		}
		f.Close()
	}
	command := fmt.Sprintf("bin/tool --fine '%s' > %[1]s", "masked-1.json")
	for _, want := range []struct {
		page  string
		parts []string
	}{
		{"report.md", []string{
			"| masked | 2 | 0.6000 | undefined | 0.5000 | 1.2500 | 7 |\n",
			"| plain | 1 | 0.5000 |",
			// Differences 0.3 and 0.2: mean 0.25, deviation 0.0707, t(0.975; 1) = 12.706, half width 12.706·0.0707/√2.
			"- masked − plain, paired by seed: 0.2500, 95 % interval −0.3853 to 0.8853 (2 seeds)",
			"**No difference between masked and plain can be told: the mean test accuracy is 0.7000 against 0.4500; the difference, paired by seed, is 0.2500, 95 % interval −0.3853 to 0.8853 (2 seeds).**",
			"400 samples", "2 epochs", "](masks.png)", command, "The other 4 commands",
			"- tools: backdrop 0.1.2, go", "- training of plain: 7.0 s a run", "- training of all runs: 28 s, 4 runs",
		}},
		{"report.html", []string{
			"<td>masked</td><td>2</td><td>0.6000</td><td>undefined</td><td>0.5000</td><td>1.2500</td><td>7</td>",
			"<td>masked − plain, paired</td><td>0.2500</td><td>−0.3853 to 0.8853</td><td>2</td>",
			"<p>No difference between masked and plain can be told: the mean test accuracy is 0.7000 against 0.4500; the difference, paired by seed, is 0.2500, 95\u00a0% interval −0.3853 to 0.8853 (2 seeds).</p>",
			"400 samples", "2 epochs", "<code>pooled</code>", command, "'masked-2.json'", "backdrop 0.1.2, go",
		}},
	} {
		text, err := os.ReadFile(filepath.Join(dir, want.page))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range want.parts {
			if page := html.UnescapeString(string(text)); !strings.Contains(page, part) {
				t.Errorf("there is no %q in %s", part, want.page)
			}
		}
	}
}

// What the difference of two arms is said to mean.
func TestVerdict(t *testing.T) {
	r := &report{study: studies["textures"]}
	a, b := estimated("a", []float64{0.5}), estimated("b", []float64{0.25})
	for want, differences := range map[string][]float64{
		"The mean test accuracy is higher with a than with b: 0.5000 against 0.2500; the difference, paired by seed, is 0.2000, 95 % interval 0.1": {0.2, 0.21, 0.19},
		"The mean test accuracy is lower with a than with b: ":      {-0.2, -0.21, -0.19},
		"No difference between a and b can be told: the mean ":      {0.2, -0.2, 0},
		"No difference between a and b can be told: the mean test ": {0.5},
	} {
		if got := r.verdict(a, b, estimated("a − b", differences)); !strings.HasPrefix(got, want) {
			t.Errorf("%v: got %q", differences, got)
		}
	}
}

// Every study can be reported on, and describes its pictures.
func TestStudies(t *testing.T) {
	for name, s := range studies {
		for _, p := range s.Pictures {
			if p.Alt == "" || p.Title == "" || p.Caption == "" {
				t.Errorf("%s: %s has no description", name, p.File)
			}
		}
		s.Figure = "accuracy" // that of the runs made here
		dir, files := studied(t, s)
		runs, err := readAll(files, s)
		if err != nil {
			t.Fatal(err)
		}
		r, err := newReport(s, runs)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := r.addPictures(dir, runs); err != nil || len(r.Answer) == 0 {
			t.Errorf("%s: answers %q, %v", name, r.Answer, err)
		}
	}
}

func TestReportErrors(t *testing.T) {
	dir, files := studied(t, studies["textures"])
	if err := write("none", dir, files); err == nil || !strings.Contains(err.Error(), `there is no study "none"`) {
		t.Errorf("got %v", err)
	}
	good := `{"n":1,"accuracy":{"value":1},"auc":{"value":1},"loss":{"value":1}}`
	put(t, dir, "d-1.jsonl", "no log\n")
	for name, text := range map[string]string{
		"a.json": good, "a-1.json": "{}", "b-1.json": "no JSON", "c-1.json": good, "d-1.json": good,
		"plain-1.json": `{"n":1,"accuracy":{"value":null},"auc":{"value":1},"loss":{"value":1}}`,
	} {
		if err := write("textures", dir, []string{put(t, dir, name, text)}); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(name, ".json")) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for what, files := range map[string][]string{"missing": {filepath.Join(dir, "e-1.json")}, "no runs": nil, "no command": {put(t, dir, "data.tar", ""), filepath.Join(dir, "masked-1.json")}} {
		if err := write("textures", dir, files); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
