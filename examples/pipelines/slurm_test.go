package pipelines

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"backdrop/formats/golden"
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
