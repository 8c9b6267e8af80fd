package contract

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Models of a cross-validation list and predict each sample by the one that has held it out.
func TestCrossValidationSamples(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, `set -e
		gpgen -n 30 --size 32 --scales 1,2:5 --compress none -o d.tar
		gpgen -n 30 --size 32 --scales 1,2:5 --seed 2 --compress none -o e.tar
		gpgen -n 30 --size 32 --scales 1,2:5 --format npy --labels y.npy -o x.npy
		gpgen -n 30 --size 32 --scales 1,2:5,8 --format npy --labels g.npy -o other.npy
		for k in 0 1 2; do
			bdtrain d.tar --epochs 2 --fold $k/3 --quiet -o m$k
			bdtrain d.tar --epochs 2 --loss auc-sqhinge --positive 1-5 --fold $k/3 --quiet -o r$k
			bdtrain x.npy --labels y.npy --epochs 2 --fold $k/3 --groups g.npy --quiet -o g$k
		done
		bdtrain d.tar --epochs 2 --quiet -o all
		bdeval -m m0 -m m1 -m m2 d.tar --metrics none --scores-out s.npy
		bdeval -m m1 -m m2 -m m0 d.tar --worst 30 --worst-sheet sheet.png --metrics none --json > worst.json
		bdeval --scores s.npy --labels y.npy --worst 30 --metrics none --json > want.json
		bdeval predict -m m2 -m m0 -m m1 d.tar -o p.csv
		cat d.tar | bdeval predict -m m0 -m m1 -m m2 --jsonl > p.jsonl
		bdeval predict -m m0 -m m1 -m m2 d.tar --batch 1 --threads 1 | cmp - p.csv
		for k in 0 1 2; do
			bdeval predict -m m$k --fold $k/3 d.tar -o fold.csv
			head -n 1 p.csv | cmp - <(head -n 1 fold.csv)
			tail -n +2 fold.csv
			bdeval predict -m m$k d.tar 2>/dev/null | tail -n +2 > plain$k.csv
		done | sort > parts.csv
		tail -n +2 p.csv | cmp - parts.csv
		bdeval predict -m g0 -m g1 -m g2 x.npy --labels y.npy --groups g.npy | grep -c '^0000[0-9][0-9],[01],[01],[012],' | grep -qx 30
		test "$(bdeval predict -m r0 -m r1 -m r2 d.tar 2>/dev/null | head -n 1)" = key,label,predicted,fold,score
		bdeval -m m0 -m m1 -m m2 d.tar --worst 2 --metrics none | grep -q '^sample  true  predicted  p  *loss  *fold$'
		bdeval -m m0 --fold 0/3 d.tar --worst 2 --metrics none | grep -q ' 0$'`)
	plain := make([]map[string][]string, 3) // what each model says of all samples
	for k := range plain {
		plain[k] = map[string][]string{}
		for _, row := range table(t, filepath.Join(dir, fmt.Sprintf("plain%d.csv", k))) {
			plain[k][row[0]] = row
		}
	}
	rows, count := table(t, filepath.Join(dir, "p.csv"))[1:], make([]int, 3)
	lines := strings.Split(strings.TrimSpace(text(t, filepath.Join(dir, "p.jsonl"))), "\n")
	if len(rows) != 30 || len(lines) != 30 {
		t.Fatalf("%d rows, %d lines", len(rows), len(lines))
	}
	p := map[string]float64{} // of the true class
	for i, row := range rows {
		k, err := strconv.Atoi(row[3])
		if err != nil || k < 0 || k > 2 {
			t.Fatalf("row %v", row)
		}
		count[k]++
		if want := plain[k][row[0]]; row[0] != fmt.Sprintf("%06d", i) || strings.Join(want, ",") != strings.Join(append(row[:3:3], row[4:]...), ",") {
			t.Errorf("row %v, want what model %d says, %v", row, k, want)
		}
		if want := fmt.Sprintf(`{"key":%q,"label":%q,"predicted":%q,"fold":%d,"p":{"1-5":%s,"2-5":%s}}`, row[0], row[1], row[2], k, row[4], row[5]); lines[i] != want {
			t.Errorf("line %s, want %s", lines[i], want)
		}
		p[row[0]], _ = strconv.ParseFloat(row[4+i%2], 64)
	}
	if count[0] != 10 || count[1] != 10 || count[2] != 10 {
		t.Errorf("samples of the folds: %v", count)
	}

	// The worst are in the order that they have by the scores of all folds.
	type list struct {
		Worst []struct {
			Key  string
			P    float64
			Fold *int
		}
	}
	var got, want list
	for file, l := range map[string]*list{"worst.json": &got, "want.json": &want} {
		if err := json.Unmarshal([]byte(text(t, filepath.Join(dir, file))), l); err != nil || len(l.Worst) != 30 {
			t.Fatalf("%s: %v, %d samples", file, err, len(l.Worst))
		}
	}
	for i, s := range got.Worst {
		w := want.Worst[i]
		if number, _ := strconv.Atoi(s.Key); strconv.Itoa(number) != w.Key || s.P != w.P || s.Fold == nil || strconv.Itoa(*s.Fold) != rows[number][3] || w.Fold != nil {
			t.Errorf("%d: %+v, want %+v", i, s, w)
		}
		if d := s.P - p[s.Key]; d > 1e-6 || d < -1e-6 {
			t.Errorf("%s: p %v, predict says %v", s.Key, s.P, p[s.Key])
		}
	}
	if !strings.HasPrefix(text(t, filepath.Join(dir, "sheet.png")), "\x89PNG") {
		t.Error("no sheet")
	}
	if code, out, said := shell(t, dir, "bdeval predict -m m0 -m m2 d.tar"); code != 0 || strings.Count(out, "\n") != 21 || said != "bdeval predict: no model has held out 1/3: scores are of 20 of the 30 samples\n" {
		t.Errorf("two of three: code %d: %s%s", code, out, said)
	}

	for command, want := range map[string]string{
		"-m m0 -m m1 -m m2 e.tar":             "1 reading e.tar: its fold 0/3 is not what model m0 has held out; give the data that it was trained with, in the same order",
		"-m all -m m1 d.tar":                  "2 model all was not trained with --fold, and so does not say which samples it has held out",
		"-m m0 -m m0 d.tar":                   "2 models m0 and m0 have both held out fold 0/3",
		"-m m0 --fold 1/3 d.tar":              "2 --fold 1/3: model m0 was trained on samples of it",
		"-m m0 -m m1 --fold 0/3 d.tar":        "2 --fold goes with one model; of several, each judges the fold that it has held out",
		"-m m0 --groups g.npy d.tar":          "2 --groups needs --fold, or the models of several folds",
		"-m m0 -m m1 --no-labels d.tar":       "2 --no-labels: which samples a model has held out is found by their labels as well; leave it out",
		"-m m0 --fold 0/3 --no-labels d.tar":  "2 --no-labels: which samples",
		"-m m0 -m m1 d.tar -o m1":             "2 -o and -m are the same file, m1",
		"-m m0 -m - d.tar":                    "2 -m needs the name of a file",
		"-m m0 -m m1 x.npy":                   "1 reading x.npy: an array of samples has no labels; name a .npy that has them with --labels",
		"-m g0 -m g1 x.npy --labels y.npy":    "2 the models were trained with --groups; give the same file",
		"-m g0 x.npy --groups m0 --fold 0/3 ": "1 ",
	} {
		code, out, said := shell(t, dir, "bdeval predict "+command+" < /dev/null")
		if wanted, line := int(want[0]-'0'), "bdeval predict: "+want[2:]; code != wanted || out != "" || !strings.HasPrefix(said, line) || strings.Count(said, "\n") != 1 {
			t.Errorf("bdeval predict %s: code %d: %s%s", command, code, out, said)
		}
	}
}

// table reads a CSV file.
func table(t *testing.T, file string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text(t, file))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// read reads a file.
func text(t *testing.T, file string) string {
	t.Helper()
	all, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}
