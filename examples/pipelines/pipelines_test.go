// Package pipelines tests that the example scripts and the commands of the README run as they stand.
package pipelines

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/cpu"

	"backdrop/internal/testkit/golden"
)

// tools builds the commands into a folder and returns an environment that has the folder on its PATH.
func tools(t *testing.T) []string {
	t.Helper()
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin+"/", "./cmd/gpgen", "./cmd/bdtrain", "./cmd/bdeval", "./cmd/maskviz", "./examples/topng")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	env := append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return slices.Clip(env) // scripts that run at the same time append to it
}

// table matches the end of a sweep: a line for each of its six runs. Chance is 0.25.
const table = `(?s)(p0(\.[59])?-[12]\.txt:accuracy +0\.[5-9]\d{3}.?){6}`

// What each script must print, as regular expressions.
var scripts = map[string]string{
	"demo.sh":       `the pictures are in demo`,
	"quickstart.sh": `(?s)accuracy +0\.(6[5-9]|[789]).*the masks are in quickstart/masks.png`,
	"parallel.sh":   table,
	"slurm.sh":      table,
	"numpy.sh":      `(?s)test \(400, 32, 32\) float32 labels \[100 100 100 100\].*scores \(400, 4\) accuracy 0\.[789]\d{3}.*accuracy +0\.[789]`,
	"images.sh":     `(?s)photos: the folder is the class: 0 rough \(30\), 1 smooth \(30\).*accuracy +(1\.0|0\.9).*rough.*smooth`,
	"folds.sh":      `(?s)fold 0: 0\.\d{4}.*fold 4: 0\.\d{4}.*samples +60\n.*accuracy +0\.[5-9]\d{3} +0\.\d{4} to 0\.\d{4} +Wilson`,
	"ranks.sh":      `(?s)cross entropy.* 0\.[89]\d{3}.*AUC.* 0\.[89]\d{3}.*one in four: 0\.[89]\d{3}`,
	"scores.sh":     `(?s)accuracy +0\.6500.*auc 0\.7994`,
	"sequences.sh":  `(?s)accuracy +0\.9.*6-ahead.*what a step learns from is in sequences/learns.png`,
	"large.sh":      `(?s)epoch 6/6 .*bdtrain: at most (1\d\d|2[0-5]\d) MiB.*accuracy +(1\.0|0\.[89]).*bdeval: at most`,
	"volumes.sh":    `(?s)accuracy +(1\.0|0\.9).*the masks are in volumes/masks.png`,
}

func TestPipelines(t *testing.T) {
	env := tools(t)
	all, err := filepath.Glob("*.sh")
	if err != nil || len(all) != len(scripts) {
		t.Fatalf("%d scripts, %d expectations, %v", len(all), len(scripts), err)
	}
	for _, name := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			env := env
			if bytes.Contains(text, []byte("PYTHON")) {
				env = append(env, "PYTHON="+golden.Python(t, "numpy"))
			}
			switch name {
			case "parallel.sh":
				golden.Programs(t, "parallel", "make")
			case "slurm.sh":
				env = append(env, cluster(t))
			}
			path, err := filepath.Abs(name)
			if err != nil {
				t.Fatal(err)
			}
			run := exec.Command(path)
			run.Dir, run.Env = t.TempDir(), append(env, "SIZE=256", "SIDE=32") // where a script has a size: it is to be quick here
			out, err := run.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if !regexp.MustCompile(scripts[name]).Match(out) {
				t.Errorf("there is no %s in\n%s", scripts[name], out)
			}
		})
	}
}

// pictures makes stand-ins for a reader's own.
func pictures(t *testing.T, dir string, env []string) {
	t.Helper()
	const make = `for folder in photos unseen new; do
		mkdir $folder
		n=$((n + 1))
		(cd $folder && gpgen -n 40 --size 48 --scales 4,5 --power 1 --seed $n | topng 4=cats 5=dogs)
	done`
	run := exec.Command("sh", "-eu", "-c", "n=0; "+make)
	run.Dir, run.Env = dir, env
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestReadme runs the shell blocks of the README, each in a folder of its own, but for those that begin with make or
// git: these build the project itself. What a block is said to print it prints, to the last digit where these are the same
// everywhere.
func TestReadme(t *testing.T) {
	env := tools(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```(?:\n\nprints[^\n]*\n\n```\n(.*?)```)?").FindAllSubmatch(text, -1)
	sameDigits := cpu.X86.HasAVX2 && cpu.X86.HasFMA && os.Getenv("GOAMD64") == ""
	ran, printed := 0, 0
	for _, b := range blocks {
		script := string(b[1])
		if strings.HasPrefix(script, "make") || strings.HasPrefix(script, "git") {
			continue
		}
		ran++
		env := env
		if strings.Contains(script, "python3") {
			env = append(env, "PATH="+filepath.Dir(golden.Python(t, "numpy"))+string(os.PathListSeparator)+strings.TrimPrefix(env[len(env)-1], "PATH="))
		}
		run := exec.Command("sh", "-eu", "-c", script)
		run.Dir, run.Env = t.TempDir(), env
		if strings.Contains(script, "photos/") {
			pictures(t, run.Dir, env)
		}
		out, err := run.CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s\n%s", err, script, out)
		}
		if want := string(b[2]); want != "" {
			printed++
			if sameDigits && string(out) != want {
				t.Errorf("%s\nprints\n%s\nthe README says\n%s", script, out, want)
			}
		}
	}
	if ran < 2 || printed < 2 {
		t.Errorf("only %d blocks of the README were run, and the output of %d compared", ran, printed)
	}
}
