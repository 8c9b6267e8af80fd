package pipelines

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"backdrop/internal/testkit/golden"
)

// cluster starts Slurm on this machine alone and returns the environment variable that names it.
func cluster(t *testing.T) string {
	t.Helper()
	golden.Programs(t, "slurmctld", "slurmd", "sinfo", "sbatch")
	dir := t.TempDir()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "slurm.conf")
	config := fmt.Sprintf(`ClusterName=one
SlurmctldHost=%[1]s(127.0.0.1)
SlurmctldPort=%[3]d
SlurmdPort=%[4]d
SlurmUser=%[5]s
SlurmdUser=%[5]s
AuthType=auth/none
CredType=cred/none
StateSaveLocation=%[2]s
SlurmdSpoolDir=%[2]s
SlurmctldPidFile=%[2]s/slurmctld.pid
SlurmdPidFile=%[2]s/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=%[1]s NodeAddr=127.0.0.1 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
`, host, dir, freePort(t), freePort(t), me.Username)
	if err := os.WriteFile(name, []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	variable := "SLURM_CONF=" + name
	for _, args := range [][]string{{"slurmctld", "-D", "-c"}, {"slurmd", "-D"}} {
		log, err := os.Create(filepath.Join(dir, args[0]+".log"))
		if err != nil {
			t.Fatal(err)
		}
		daemon := exec.Command(args[0], args[1:]...)
		daemon.Env = append(os.Environ(), variable)
		daemon.Stdout, daemon.Stderr = log, log
		if err := daemon.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			daemon.Process.Kill()
			daemon.Wait()
			log.Close()
			if text, _ := os.ReadFile(log.Name()); t.Failed() {
				t.Logf("%s:\n%s", args[0], text)
			}
		})
	}
	for range 150 {
		sinfo := exec.Command("sinfo", "--noheader", "--format=%T")
		sinfo.Env = append(os.Environ(), variable)
		if out, _ := sinfo.Output(); strings.TrimSpace(string(out)) == "idle" {
			return variable
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal("Slurm did not start within 30 s")
	return ""
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// The signal that slurm.sh asks for reaches bdtrain and nothing else: it writes a checkpoint and trains on. After the job has
// been cancelled, as at its time limit, the script goes on from the checkpoint.
func TestSlurmSignal(t *testing.T) {
	golden.Programs(t, "slurmctld", "slurmd", "sinfo", "sbatch", "srun", "scancel", "make")
	if testing.Short() {
		t.Skip("Slurm looks at time limits twice a minute")
	}
	script, err := filepath.Abs("slurm.sh")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	env := append(tools(t), cluster(t), "SBATCH_TIMELIMIT=1", "P=0.5", "SEEDS=1")
	start := func(epochs string) (*exec.Cmd, *strings.Builder) {
		var out strings.Builder
		run := exec.Command(script)
		run.Dir, run.Env, run.Stdout, run.Stderr = dir, append(env, "EPOCHS="+epochs), &out, &out
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		return run, &out
	}
	log := func() string {
		text, _ := os.ReadFile(filepath.Join(dir, "sweep", "task-1.log"))
		return string(text)
	}
	run, out := start("1000000")
	answer := regexp.MustCompile(`(?m)^checkpoint of step \d+ in p0\.5-1\.model\.tar\.zst\.ck$`)
	for deadline := time.Now().Add(50 * time.Second); !answer.MatchString(log()); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("no checkpoint in %.1000s", log())
			break
		}
	}
	epochs := strings.Count(log(), "\nepoch ")
	for deadline := time.Now().Add(10 * time.Second); strings.Count(log(), "\nepoch ") < epochs+2; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("training does not go on: %.1000s", log())
			break
		}
	}
	cancel := exec.Command("scancel", "--state=RUNNING")
	cancel.Env = env
	if out, err := cancel.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := run.Wait(); err == nil {
		t.Fatalf("a sweep that was cancelled ended well: %s", out)
	}
	left := regexp.MustCompile(`bdtrain: interrupted; the model is that of epoch (\d+); --resume .*\.ck goes on from step \d+\n`).FindStringSubmatch(log())
	if left == nil {
		t.Fatalf("no checkpoint at the end: %.1000s", log())
	}
	done, err := strconv.Atoi(left[1])
	if err != nil {
		t.Fatal(err)
	}
	run, out = start(strconv.Itoa(done + 2))
	if err := run.Wait(); err != nil || !regexp.MustCompile(`(?m)^accuracy +[01]\.\d{4}$`).MatchString(out.String()) {
		t.Fatalf("%v: %s\n%.1000s", err, out, log())
	}
	if n := strings.Count(log(), "epoch "); n > 2 {
		t.Errorf("%d epochs were made after the checkpoint, want 2: %.1000s", n, log())
	}
}
