package contract

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// commands are runs of every tool, command and mode that has code of its own. Their data are those of inputs, in the folder
// above.
var commands = strings.Split(strings.TrimSpace(`
gpgen -n 5 --size 32 --scales 1.5,2.5:8,14
gpgen -n 1 --size 100 --scales 3:12
gpgen -n 3 --size 33 --scales 2:8 --boundary open
gpgen -n 3 --size 32 --scales 2,3:8 --kernel matern12
gpgen -n 3 --size 30 --scales 2:8 --kernel matern32 --boundary open
gpgen -n 3 --shape 20,31 --scales 2x3:8 --kernel matern52 --boundary open
gpgen -n 4 --shape 211 --scales 3:30 --kernel matern12 --boundary open
gpgen -n 2 --shape 8,9,10 --scales 2:4 --nugget 0.1
gpgen -n 4 --size 32 --scales 2:8 --standardise none --dtype f2 --compress none
gpgen -n 4 --size 32 --scales 2:8 --dtype f8
gpgen -n 5 --size 32 --scales 2,3:8 --format npy --labels y.npy -o x.npy
gpgen -n 2 --size 128 --scales 9.5:60 --method patches
gpgen -n 5 --size 32 --scales 2,3:8 --preview sheet.png -o x.tar.zst
gpgen -n 9 --size 32 --scales 2,3:8 --start 7 --shard 1/3
gpgen -n 4 --fields ../a.npy,../b.npy:../c.npy
gpgen -n 3 --size 512 --scales 2:8 --memory 40M
gpgen check -n 6 --size 32 --scales 2,4 --json
gpgen check -n 4 --size 64 --scales 3 --kernel matern32 --boundary open
gpgen check ../raw.npy --length 3
gpgen patches --size 128 --scales 9.5:60 --json
bdtrain ../d.tar --epochs 2 --mask fine=0.8:HW
bdtrain ../d.tar --epochs 2 --mask fine=0.8:NHW --log log.jsonl --checkpoint c.tar.zst -o m.tar.zst
bdtrain ../d.tar --epochs 2 --loss auc-sqhinge --positive 2 --batch 0 --mask fine=0.5:N
bdtrain ../d.tar --epochs 2 --loss soft-f1 --positive 2 --batch 0 --mask fine=0.3:NHW
bdtrain ../d.tar --epochs 2 --loss bce --positive 2 --batch 0 --penalty mmd=0.1 --penalty dcov=0.1 --attribute ../s.npy
bdtrain ../d.tar --epochs 1 --mask fine=0.5:NHW
bdtrain ../d.tar --epochs 2 --augment flip,roll --val-fraction 0.25 --val-every 2 --patience 2 --normalise data
bdtrain ../d.tar --epochs 2 --opt nesterov --lr 0.01 --schedule cosine --warmup 1 --val ../e.tar
bdtrain ../d.tar --epochs 2 --augment crop=16,roll --val ../e.tar --log log.jsonl --plot curves.png
bdtrain plot ../log-1.jsonl ../log-2.jsonl
bdtrain ../d.tar --epochs 4 --mask fine=0.8:NHW --resume ../c.tar.zst
bdtrain ../d.tar --epochs 2 --init ../m.tar.zst
bdtrain ../d.tar --epochs 2 --net ../net.txt
bdtrain ../x.npy --labels ../y.npy --epochs 2
bdtrain ../large.tar --epochs 1 --net crisp
bdtrain ../large.tar --epochs 2 --batch 4 --net overlap --mask coarse=0.5:NHW
bdtrain ../spill.tar --epochs 2 --net ../small.txt --memory 32M
bdtrain ../d.tar --epochs 2 --class-weights balanced --fold 1/3
bdtrain ../d.tar --config ../m.tar.zst
bdtrain --print-net --size 64
bdtrain --config ../m.tar.zst --seed 3 --print-config
bdtrain ../d.tar --epochs 0 --net ../net.txt
bdtrain export ../m.tar.zst
bdtrain export ../m.tar.zst -o m.safetensors
bdeval -m ../m.tar.zst ../e.tar
bdeval -m ../m.tar.zst ../e.tar --batch 3 --json --metrics all --ci 0.9 --bootstrap 50 --scores-out s.npy -o report.json
bdeval -m ../m.tar.zst ../e.tar --positive 2 --max-fpr 0.5 --metrics all --ci 0.95 --bootstrap 50
bdeval -m ../m.tar.zst ../e.tar --roc r.png --pr p.png --calibration c.png --confusion f.png
bdeval -m ../m.tar.zst ../e.tar --positive 2 --roc r.npy --pr p.npy --calibration c.npy --confusion f.npy
bdeval -m ../f1.tar.zst -m ../f0.tar.zst ../d.tar --scores-out s.npy
bdeval -m ../m.tar.zst ../e.tar --metrics none --worst 6 --worst-sheet w.png
bdeval predict -m ../m.tar.zst ../e.tar
bdeval predict -m ../bce.tar.zst ../e.tar --batch 5 --jsonl -o p.jsonl
bdeval --scores ../s.npy --labels ../y.npy --positive 2 --compare ../s2.npy --ci 0.95 --bootstrap 50
maskviz -m ../m.tar.zst --step 3 --batch 2
maskviz -m ../m.tar.zst --mode gradient --batch 3 ../e.tar
maskviz -m ../m.tar.zst --mode overlay --draws 4 ../e.tar
maskviz -m ../m.tar.zst --steps 0..4
maskviz --net crisp --size 128 --mode gradient
maskviz --net overlap --size 128 --pin coarse=0,1 --format stream
maskviz --net ../net.txt --mode gradient --batch 9 --mask fine=0.5:N
`), "\n")

const inputs = `
gpgen -n 24 --size 32 --scales 1,2:5,8 --compress none -o d.tar
gpgen -n 24 --size 32 --scales 1,2:5,8 --seed 2 --compress none -o e.tar
gpgen -n 24 --size 32 --scales 1,2:5,8 --format npy --labels y.npy -o x.npy
gpgen -n 4 --size 128 --scales 3,4:20 -o large.tar
gpgen -n 600 --size 64 --scales 3,5:20 -o spill.tar # 10 MB: --memory 32M leaves 8 for samples
for f in a b c; do gpgen -n 4 --size 16 --scales 2 --power 1 --seed $(printf %d "'$f") --format npy -o $f.npy; done
gpgen -n 20 --size 32 --scales 3 --power 1 --standardise none --format npy -o raw.npy
printf '%s\n' 'input c=1 h=32 w=32' 'conv out=8 kernel=3 pad=1' 'leakyrelu slope=0.1' 'backdrop name=fine p=0.5 axes=NHW' 'avgpool kernel=2' 'conv out=8 kernel=3 stride=2' relu 'dropout p=0.2' flatten 'linear out=4' > net.txt
printf '%s\n' 'input c=1 h=64 w=64' 'avgpool kernel=8' 'conv out=8 kernel=3' relu gap 'linear out=2' > small.txt
bdtrain d.tar --epochs 2 --mask fine=0.8:NHW --checkpoint c.tar.zst --quiet -o m.tar.zst
for k in 0 1; do bdtrain d.tar --epochs 2 --fold $k/3 --quiet -o f$k.tar.zst; done
bdtrain d.tar --epochs 2 --loss bce --positive 1-8 --quiet --log log-1.jsonl -o bce.tar.zst
bdeval -m bce.tar.zst d.tar --metrics none --scores-out s.npy -o /dev/null
bdtrain d.tar --epochs 2 --loss bce --positive 1-8 --seed 2 --quiet --log log-2.jsonl -o bce.tar.zst
bdeval -m bce.tar.zst d.tar --metrics none --scores-out s2.npy -o /dev/null
`

// settings are how each command is run: everything that must not matter, and twice the same.
var settings = []struct{ threads, procs, gc string }{
	{"1", "1", "100"}, {"1", "8", "1"}, {"2", "2", "off"}, {"2", "8", "100"}, {"7", "8", "100"}, {"7", "8", "100"},
}

// seconds are what a log says of time, and nothing else does.
var seconds = regexp.MustCompile(`"seconds":[0-9.e-]+`)

// sums are the first digits of the hash of what each command wrote when it was last meant to change, on amd64 with AVX2
// or AVX-512, whose bits are the same. After such a change, and after one of Go or a library that compresses, they are
// renewed by
//
//	go test ./cmd/internal/contract -run SameBytes -update
const sums = "testdata/bytes.txt"

var update = flag.Bool("update", false, "renew testdata/bytes.txt")

// Same flags, same bytes: as kept, for every number of threads, of processors, and whenever garbage is collected.
func TestSameBytes(t *testing.T) {
	takesLong(t)
	kept := map[string]string{}
	if text, err := os.ReadFile(sums); err != nil && !*update {
		t.Fatal(err)
	} else {
		for line := range strings.Lines(string(text)) {
			sum, command, _ := strings.Cut(strings.TrimSpace(line), " ")
			kept[command] = sum
		}
	}
	var renewed strings.Builder
	dir := t.TempDir()
	must(t, dir, "set -e\n"+inputs)
	runs, total, files := 0, 0, 0
	t.Cleanup(func() { t.Logf("%d commands, %d runs, %d files, %d bytes compared", len(commands), runs, files, total) })
	for i, command := range commands {
		t.Run(strings.Join(strings.Fields(command)[:2], " "), func(t *testing.T) {
			var want map[string][]byte
			for j, s := range settings {
				work := filepath.Join(dir, fmt.Sprintf("%d-%d", i, j))
				got := output(t, work, command+" --quiet --threads "+s.threads, "GOMAXPROCS="+s.procs, "GOGC="+s.gc)
				runs++
				if want == nil {
					want = got
					fmt.Fprintln(&renewed, sum(got), command)
					if !*update && runtime.GOARCH == "amd64" && sum(got) != kept[command] {
						t.Errorf("%s: the bytes have the hash %s, want %q", command, sum(got), kept[command])
					}
					continue
				}
				for name, b := range want {
					if !bytes.Equal(got[name], b) {
						t.Errorf("%s: %s of run %d (%v) differs from that of run 0 (%v)", command, name, j, s, settings[0])
					}
					files, total = files+1, total+len(b)
				}
				if len(got) != len(want) {
					t.Errorf("%s: %d files in run %d, %d in run 0", command, len(got), j, len(want))
				}
			}
		})
	}
	if *update {
		if err := os.WriteFile(sums, []byte(renewed.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// sum returns the first digits of a hash of files and their names.
func sum(files map[string][]byte) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%q %d\n%s", name, len(files[name]), files[name])
	}
	return fmt.Sprintf("%.8x", h.Sum(nil))
}

// output runs a command in a folder of its own and returns what it wrote: files by name, standard output as "".
func output(t *testing.T, dir, command string, env ...string) map[string][]byte {
	t.Helper()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	var stderr bytes.Buffer
	args := strings.Fields(command)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Stderr, cmd.Env = dir, &stderr, append(os.Environ(), env...)
	stdout, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 3 { // of a small model some figures are undefined
		t.Fatalf("%s: %v\n%s", command, err, &stderr)
	}
	all := map[string][]byte{}
	if len(stdout) > 0 {
		all[""] = stdout
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = seconds.ReplaceAll(b, nil)
	}
	if len(all) == 0 {
		t.Fatalf("%s wrote nothing", command)
	}
	return all
}
