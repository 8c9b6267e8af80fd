package main

import (
	"bytes"
	"fmt"
	"html"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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

// A made is a run that is as if it had been made.
type made struct{ name, accuracy string }

// studied writes the files of a study with the arms none and fine and two seeds, or with other runs. It returns their folder
// and names.
func studied(t *testing.T, s study, runs ...made) (dir string, files []string) {
	t.Helper()
	dir = t.TempDir()
	if runs == nil {
		runs = []made{{"none@0.001-1", "0.5"}, {"fine@0.8@0.001-1", "0.8"}, {"none@0.001-2", "0.4"}, {"fine@0.8@0.001-2", "0.6"}}
	}
	keep := func(name string) {
		put(t, dir, name+".cmd", "bin/tool --fine '"+name+"' > "+name+"\n")
		files = append(files, filepath.Join(dir, name))
	}
	keep(filepath.Base(put(t, dir, "test.tar.zst", "")))
	for _, r := range runs {
		put(t, dir, r.name+".json", `{"n":400,"accuracy":{"value":`+r.accuracy+`},"loss":{"value":0.5},"auc":{"value":null,"reason":"one class"}}`)
		put(t, dir, r.name+".jsonl", `{"epoch":1,"samples":100,"loss":2,"accuracy":0.25,"seconds":3}`+"\n"+`{"epoch":2,"samples":100,"loss":1.25,"accuracy":0.5,"seconds":4}`+"\n")
		m := &model.Model{Network: "input c=1 h=1 w=1\nlinear out=2\n", Mean: []float32{0}, Std: []float32{1}, Version: "0.1.2"}
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
		sheet := draw.Sheet{Title: p.Title, Panels: []draw.Panel{{Pictures: []draw.Picture{draw.Heatmap{Field: field, Map: draw.Viridis, Range: draw.Span(field)}}}}}
		if err := create(filepath.Join(dir, p.File), sheet.Encode); err != nil {
			t.Fatal(err)
		}
		keep(p.File)
	}
	return dir, files
}

func TestReport(t *testing.T) {
	dir, files := studied(t, few)
	if err := write("few", dir, files); err != nil {
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
	command := fmt.Sprintf("bin/tool --fine '%s' > %[1]s\n", "fine@0.8@0.001-1.json")
	for _, want := range []struct {
		page  string
		parts []string
	}{
		{"report.md", []string{
			"| no masks | training as usual | 0.001 |\n| fine mask 0.8 | the gradient of small patches is blocked, of each with probability 0.8 | 0.001 |\n",
			"| fine mask 0.8 | 2 | 0.7000 (seeds 0.6000 to 0.8000) | 0.5000 (seeds 0.5000 to 0.5000) | 1.2500 | 7.0 |\n",
			"| seed | no masks | fine mask 0.8 |\n|---|---|---|\n| 1 | 0.5000 | 0.8000 |\n| 2 | 0.4000 | 0.6000 |\n",
			// Differences 0.3 and 0.2: mean 0.25, deviation 0.0707. Two seeds of one sign: p = 2/2².
			"| beside no masks | test accuracy |", "| fine mask 0.8 | 0.2500 (seeds 0.2000 to 0.3000) | 3.54 | 2/0/0 | 0.5000 | too few seeds |\n",
			"| fine mask 0.8 | 0.0000 (seeds 0.0000 to 0.0000) | none | 0/0/2 | 1.0000 | too few seeds |\n",
			"**Too early to say: two seeds cannot tell, six are the least that can. So far the mean test accuracy is 0.450 without masks and 0.700 with the fine mask.**",
			"Backdrop's masks block", "100 samples", "of 400 samples", "2 epochs", "](masks.png)", "`commands.sh`",
			"- tools: backdrop 0.1.2, go", "- training of all runs: 28 s, 4 runs",
		}},
		{"report.html", []string{
			">fine mask 0.8</td><td data-of=\"seeds\">2</td><td data-of=\"test accuracy\">0.7000 (seeds 0.6000 to 0.8000)</td>",
			"<td data-of=\"sign test p\">0.5000</td><td data-of=\"verdict\" class=\"verdict\">too few seeds</td>",
			"<p>Too early to say: two seeds cannot tell,", "Backdrop's masks block",
			"of 400 samples", "2 epochs", "<code>pooled</code>", "<code>commands.sh</code>", "backdrop 0.1.2, go",
		}},
		{"commands.sh", []string{"mkdir -p " + dir + "\n", command, "'fine@0.8@0.001-2.json'"}},
		{"runs.csv", []string{"arm,seed,accuracy,loss,train_loss,seconds\nnone@0.001,1,0.5,0.5,1.25,7\nfine@0.8@0.001,1,0.8,0.5,1.25,7\n"}},
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
		// Pages name arms for readers, and two seeds have no interval and no verdict.
		for _, never := range []string{"@", "hint", "95 %", "95\u00a0%", "interval of"} {
			if strings.HasPrefix(want.page, "report.") && strings.Contains(string(text), never) {
				t.Errorf("%s has %q", want.page, never)
			}
		}
	}
}

// A study none of whose arms has masks has no pictures of them, even if another one left some in the folder.
func TestReportWithoutMasks(t *testing.T) {
	dir, files := studied(t, few)
	files = slices.DeleteFunc(files, func(name string) bool {
		return filepath.Base(name) == "masks.png" || filepath.Base(name) == "gradient.png"
	})
	if err := write("few", dir, files); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "report.md"))
	if err != nil || strings.Contains(string(page), "masks.png") || !strings.Contains(string(page), "](preview.png)") {
		t.Errorf("%v, pictures in %s", err, page)
	}
}

// What a difference of two arms is called. With 9 differences of one sign and none of the other, p is 2/2⁹ = 0.0039.
func TestVerdict(t *testing.T) {
	nine := []float64{0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3}
	for _, c := range []struct {
		differences []float64
		comparisons int
		want        verdict
	}{
		{nine, 6, higher}, {negative(nine), 6, lower},
		{nine, 13, hintHigher}, {negative(nine), 13, hintLower},
		{[]float64{0.2, -0.2, 0, 0.1, -0.1, 0}, 1, open}, {make([]float64, 6), 1, open}, {nine[:6], 1, higher}, {nine[:6], 2, hintHigher},
		{nine[:5], 1, early}, {[]float64{0.5}, 1, early}, {[]float64{0, 0}, 1, early},
	} {
		if got := differ("a", "b", c.differences).verdict(c.comparisons); got != c.want {
			t.Errorf("%v, %d comparisons: %q, want %q", c.differences, c.comparisons, got, c.want)
		}
	}
}

func negative(v []float64) []float64 {
	out := slices.Clone(v)
	for i := range out {
		out[i] = -out[i]
	}
	return out
}

// References: scipy.stats.binomtest(k, n).pvalue.
func TestSignTest(t *testing.T) {
	for _, c := range []struct {
		higher, lower int
		want          float64
	}{{0, 0, 1}, {1, 0, 1}, {3, 3, 1}, {15, 5, 0.04138946533203125}, {5, 15, 0.04138946533203125}, {18, 2, 0.0004024505615234375}, {0, 20, 1.9073486328125e-06}} {
		if got := signTest(c.higher, c.lower); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%d higher, %d lower: %g, want %g", c.higher, c.lower, got, c.want)
		}
	}
}

// The interval of a mean covers as often as it claims.
func TestEstimated(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const trials, n = 400, 30
	covered := 0
	for range trials {
		v := make([]float64, n)
		for i := range v {
			v[i] = r.NormFloat64()
		}
		if e := estimated(v); e.Low <= 0 && 0 <= e.High {
			covered++
		}
	}
	// Percentile intervals of 30 numbers are a little narrow: they cover 0.94 of the time, here with a deviation of 0.012.
	if share := float64(covered) / trials; share < 0.90 || share > 0.98 {
		t.Errorf("the interval covers the mean in %.3f of the trials", share)
	}
	if d := differ("a", "b", slices.Repeat([]float64{-5.6e-17}, 6)); d.verdict(1) != open || d.Interval() != "0.0000 to 0.0000" {
		t.Errorf("a difference by rounding: %v, %s", d.verdict(1), d.Interval())
	}
	if e := estimated([]float64{1}); e.String() != "1.0000 (one seed)" || !math.IsNaN(e.bar().Low) {
		t.Errorf("one seed: %v", e)
	}
	if e := estimated([]float64{1, 3, 2, 5, 4}); e.String() != "3.0000 (seeds 1.0000 to 5.0000)" || !math.IsNaN(e.bar().Low) {
		t.Errorf("five seeds: %v", e)
	}
	if e := estimated([]float64{1, 3, 2, 5, 4, 3}); strings.Contains(e.String(), "seeds") || e.Low <= 1 || e.High >= 5 || e.bar() != e.Mean {
		t.Errorf("six seeds: %v", e)
	}
}

// For every way to train, the setting with the highest mean is chosen and, among equals, the one with the lower loss.
func TestChoice(t *testing.T) {
	var runs []*run
	for _, r := range []struct {
		arm            string
		accuracy, loss float64
	}{{"none@1", 0.5, 1}, {"none@2", 0.6, 1}, {"fine@0.5@1", 0.7, 0.9}, {"fine@0.8@1", 0.7, 0.8}, {"fine@0.9@1", 0.6, 0.1}} {
		runs = append(runs, &run{arm: r.arm, figures: map[string]float64{"accuracy": r.accuracy, "loss": r.loss}})
	}
	want := "The settings with the highest mean test accuracy: none@2 fine@0.8@1."
	if got := choice(accuracy, runs); len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFigures(t *testing.T) {
	runs := []*run{
		{arm: "none@0.001", seed: 11, figures: map[string]float64{"accuracy": 0.1, "loss": 1.0 / 3, trainLoss: 1e-9, seconds: 2}},
		{arm: "a, \"b\"", seed: 12, figures: map[string]float64{"accuracy": 1}}, // the other figures are undefined
	}
	var b bytes.Buffer
	if err := writeFigures(&b, few, runs); err != nil {
		t.Fatal(err)
	}
	got, err := readFigures(&b)
	if err != nil || !reflect.DeepEqual(got, runs) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"", "arm,seed,accuracy\n", "arm,seed,accuracy\na,one,2\n", "arm,seed,accuracy\na,1,two\n", "arm,seed,accuracy\na,1\n"} {
		if _, err := readFigures(strings.NewReader(text)); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

// Every study can be reported on, and describes its pictures.
func TestStudies(t *testing.T) {
	var names []string
	for _, s := range studies {
		names = append(names, s.name, "tune-"+s.name)
	}
	for _, name := range names {
		s, ok := find(name)
		if !ok {
			t.Errorf("there is no study %s", name)
		}
		for _, p := range s.Pictures {
			if p.Alt == "" || p.Title == "" || p.Caption == "" {
				t.Errorf("%s: %s has no description", name, p.File)
			}
		}
		s.Columns = []column{accuracy, logLoss} // of the runs made here
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

// The tables have the runs of another computer too; the curves and commands are of the runs made here.
func TestJoin(t *testing.T) {
	dir, files := studied(t, few)
	const head = "arm,seed,accuracy,loss,train_loss,seconds\n"
	if err := write("few", dir, append(files, put(t, dir, "else.csv", head+"none@0.001,0,0.3,2,1,9\nfine@0.8@0.001,0,0.7,1,1,5\n"))); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| fine mask 0.8 | 3 | 0.7000 (seeds 0.6000 to 0.8000) | 0.6667 (seeds 0.5000 to 1.0000) | 1.1667 | 6.3 |\n",
		"| fine mask 0.8 | 0.3000 (seeds 0.2000 to 0.4000) | 3.00 | 3/0/0 | 0.2500 | too few seeds |\n",
		"| 0 | 0.3000 | 0.7000 |\n| 1 | 0.5000 | 0.8000 |\n",
		"100 samples", " 6 runs\n",
		"The figures of 2 runs, with the seeds 0, were made on another computer and joined from `" + dir + "/else.csv`",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("there is no %q in %s", want, page)
		}
	}
	for name, c := range map[string]struct{ text, want string }{
		"twice":     {head + "none@0.001,2,0.3,2,1,9\n", "none@0.001-2 in "},
		"no figure": {head + "none@0.001,3,,2,1,9\n", "has no accuracy"},
		"no csv":    {"<html>", "reading " + dir},
	} {
		if err := write("few", dir, append(files, put(t, dir, "else.csv", c.text))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := write("few", dir, []string{put(t, dir, "else.csv", head+"none@0.001,0,0.3,2,1,9\n")}); err == nil {
		t.Error("no run made here: no error")
	}
}

func TestReportErrors(t *testing.T) {
	dir, files := studied(t, few)
	if err := write("none", dir, files); err == nil || !strings.Contains(err.Error(), `there is no study "none"`) {
		t.Errorf("got %v", err)
	}
	good := `{"n":1,"accuracy":{"value":1},"auc":{"value":1},"loss":{"value":1}}`
	put(t, dir, "d-1.jsonl", "no log\n")
	for name, text := range map[string]string{
		"a.json": good, "a-1.json": "{}", "b-1.json": "no JSON", "c-1.json": good, "d-1.json": good,
		"none@0.001-1.json": `{"n":1,"accuracy":{"value":null},"auc":{"value":1},"loss":{"value":1}}`,
	} {
		if err := write("few", dir, []string{put(t, dir, name, text)}); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(name, ".json")) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for name, damaged := range map[string]struct{ text, want string }{
		"none@0.001-2.jsonl":    {`{"epoch":1,"samples":100,"loss":2,"accuracy":0.25,"seconds":3}` + "\n", "none@0.001-2.jsonl has 1 epochs and "},
		"fine@0.8@0.001-2.json": {`{"n":4,"accuracy":{"value":1},"loss":{"value":1}}`, "fine@0.8@0.001-2.json is of 4 samples and "},
	} {
		dir, files := studied(t, few)
		put(t, dir, name, damaged.text)
		if err := write("few", dir, files); err == nil || !strings.Contains(err.Error(), damaged.want) {
			t.Errorf("a damaged %s: got %v", name, err)
		}
	}
	for what, files := range map[string][]string{"missing": {filepath.Join(dir, "e-1.json")}, "no runs": nil, "no command": {put(t, dir, "data.tar", ""), filepath.Join(dir, "fine@0.8@0.001-1.json")}} {
		if err := write("few", dir, files); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestQuantile(t *testing.T) {
	// numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 1])
	for q, want := range map[float64]float64{0: 1, 0.1: 1.3, 0.5: 3, 1: 8} {
		if got := quantile([]float64{1, 2, 4, 8}, q); math.Abs(got-want) > 1e-15 {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
}
