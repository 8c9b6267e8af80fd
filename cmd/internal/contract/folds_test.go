package contract

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The models of a cross-validation judge the samples that they have held out, each sample by one of them, and nothing else.
func TestCrossValidation(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, `set -e
		gpgen -n 30 --size 32 --scales 1,2:5,8 --compress none -o d.tar
		gpgen -n 30 --size 32 --scales 1,2:5,8 --seed 2 --compress none -o e.tar
		gpgen -n 30 --size 32 --scales 1,2:5,8 --format npy --labels y.npy -o x.npy
		gpgen -n 12 --size 32 --scales 1,2:5,8 --compress none -o few.tar
		for k in 0 1 2; do
			bdtrain d.tar --epochs 2 --fold $k/3 --log $k.jsonl --quiet -o m$k
			bdtrain d.tar --epochs 2 --fold $k/3 --seed 2 --quiet -o seed$k
			bdtrain d.tar --epochs 2 --loss bce --positive 1-5 --fold $k/3 --quiet -o b$k
			bdtrain x.npy --labels y.npy --epochs 2 --fold $k/3 --groups y.npy --quiet -o g$k
		done
		bdtrain d.tar --epochs 2 --fold 0/4 --quiet -o m4
		bdtrain d.tar --epochs 2 --val-fraction 0.3 --quiet -o part
		bdtrain d.tar --epochs 2 --quiet -o all`)

	// A fold is judged as its run has validated on it, from a file, a pipe and in little memory.
	validated := regexp.MustCompile(`"epoch":2,.*"val_loss":([0-9.]+),"val_accuracy":([0-9.]+)`)
	samples := 0
	for k := range 3 {
		log, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(k, ".jsonl")))
		if err != nil {
			t.Fatal(err)
		}
		want := validated.FindSubmatch(log)
		for _, command := range []string{"bdeval -m m%d --fold %d/3 d.tar", "cat d.tar | bdeval -m m%d --fold %d/3", "bdeval -m m%d --fold %d/3 d.tar --memory 40M --batch 2"} {
			code, out, lines := shell(t, dir, fmt.Sprintf(command, k, k)+" --json --metrics loss,accuracy")
			if code != 0 || lines != "" || !strings.Contains(out, fmt.Sprintf(`"accuracy":{"value":%.12s`, want[2])) || !strings.Contains(out, fmt.Sprintf(`"loss":{"value":%.12s`, want[1])) {
				t.Errorf("fold %d: code %d: %s%s; the run said %s", k, code, out, lines, want[0])
			}
			if command[:6] == "bdeval" {
				n := 0
				fmt.Sscanf(out, `{"n":%d`, &n)
				samples += n
			}
		}
	}
	if samples != 2*30 {
		t.Errorf("%d samples in all folds, twice", samples)
	}

	// All of them together are in the order of the data, with the labels of the data.
	must(t, dir, `set -e
		bdeval -m m0 -m m1 -m m2 d.tar --ci 0.95 --scores-out s.npy > together.txt
		bdeval -m m2 -m m0 -m m1 d.tar --ci 0.95 --scores-out t.npy > another.txt
		cmp together.txt another.txt
		cmp s.npy t.npy
		grep -q '^samples *30$' together.txt
		bdeval --scores s.npy --labels y.npy --ci 0.95 --metrics accuracy,auc > scores.txt
		bdeval -m m0 -m m1 -m m2 d.tar --ci 0.95 --metrics accuracy,auc > figures.txt
		cmp scores.txt figures.txt
		bdeval -m b0 -m b1 -m b2 d.tar --metrics auc --json | grep '"n":30,"positive":"1-5"'
		bdeval -m g0 -m g1 -m g2 x.npy --labels y.npy --groups y.npy --json --metrics loss | grep '"n":30,'`)
	if code, out, lines := shell(t, dir, "bdeval -m m0 -m m2 d.tar --json --metrics accuracy"); code != 0 || !strings.HasPrefix(out, `{"n":20,`) || lines != "bdeval: no model has held out 1/3: figures are of 20 of the 30 samples\n" {
		t.Errorf("two of three: code %d: %s%s", code, out, lines)
	}

	// One of them beside the data that it was trained with says so, whichever way they come; beside others it does not.
	seen := "model %s was trained on 20 of these 30 samples: it is that of fold 0/3; bdeval --fold 0/3 judges it by the others, and bdeval with -m for the models of all 3 folds judges each sample by the one that has not seen it"
	for command, want := range map[string]string{
		"bdeval -m m0 d.tar":                               "bdeval: " + fmt.Sprintf(seen, "m0"),
		"cat d.tar | bdeval -m b0 --quiet":                 "bdeval: " + fmt.Sprintf(seen, "b0"),
		"bdeval -m m0 x.npy --labels y.npy --metrics none": "bdeval: " + fmt.Sprintf(seen, "m0"),
		"bdeval predict -m m0 d.tar":                       "bdeval predict: " + fmt.Sprintf(seen, "m0"),
		"bdeval predict -m m0 --no-labels d.tar":           "",
		"bdeval -m m0 e.tar":                               "",
		"bdeval -m m0 few.tar":                             "",
		"bdeval -m m0 --fold 0/3 d.tar":                    "",
		"bdeval -m all d.tar":                              "",
	} {
		if code, _, lines := shell(t, dir, command); code != 0 || strings.TrimSuffix(lines, "\n") != want {
			t.Errorf("%s: code %d: %s", command, code, lines)
		}
	}

	for command, want := range map[string]string{
		"-m m0 --fold 1/3 d.tar":                          "2 --fold 1/3: model m0 was trained on samples of it; it has held out 0/3",
		"-m m0 --fold 0/4 d.tar":                          "2 --fold 0/4: model m0 was trained on samples of it",
		"-m m0 --fold 3/3 d.tar":                          "2 --fold: want K/N with 0 <= K < N",
		"-m all --fold 0/3 d.tar":                         "2 model all was not trained with --fold, and so does not say which samples it has held out",
		"-m part -m m1 d.tar":                             "2 model part was not trained with --fold",
		"-m m0 --fold 0/3 e.tar":                          "1 reading e.tar: its fold 0/3 is not what model m0 has held out; give the data that it was trained with, in the same order",
		"-m m0 --fold 0/3 few.tar":                        "1 reading few.tar: its fold 0/3 is not what model m0 has held out",
		"-m m0 -m m0 d.tar":                               "2 models m0 and m0 have both held out fold 0/3",
		"-m m0 -m m4 d.tar":                               "2 model m0 and model m4 are not of one cross-validation: they have the folds 0/3 and 0/4",
		"-m m0 -m seed1 d.tar":                            "2 model m0 and model seed1 are not of one cross-validation: they have the seeds 1 and 2",
		"-m m0 -m b1 d.tar":                               "2 model m0 and model b1 are not of one cross-validation: they have the losses xent and bce",
		"-m m0 -m m1 --fold 0/3 d.tar":                    "2 --fold goes with one model; of several, each judges the fold that it has held out",
		"-m m0 --groups y.npy d.tar":                      "2 --groups needs --fold, or the models of several folds",
		"-m m0 --fold 0/3 --groups y.npy":                 "2 --groups: the models were trained without it",
		"-m g0 --fold 0/3 x.npy --labels y.npy":           "2 the models were trained with --groups; give the same file",
		"-m g0 -m m1 x.npy --labels y.npy --groups y.npy": "2 model g0 and model m1 were not trained with the same --groups",
		"-m - -m m1 d.tar":                                "2 -m needs the name of a file",
		"-m m0 -m '' d.tar":                               "2 flag -m is empty",
		"--scores s.npy --labels y.npy --fold 0/3":        "2 --fold and --groups are of DATA; they need -m MODEL",
	} {
		code, out, lines := shell(t, dir, "bdeval "+command+" < d.tar")
		if wanted, text := int(want[0]-'0'), "bdeval: "+want[2:]; code != wanted || out != "" || !strings.HasPrefix(lines, text) || strings.Count(lines, "\n") != 1 {
			t.Errorf("bdeval %s: code %d: %s%s", command, code, out, lines)
		}
	}
}
