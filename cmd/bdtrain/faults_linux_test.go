package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"backdrop/cmd/internal/tool"
	"backdrop/cmd/internal/tooltest"
)

// largeNetwork has a checkpoint of many pages.
const largeNetwork = `input c=1 h=8 w=8
conv out=64 kernel=3 pad=1
relu
conv out=64 kernel=3
relu
gap
linear out=3
`

// fails runs to the end, which must be one line that matches and the code.
func (r *trial) fails(code int, line string) {
	r.Helper()
	cmd, stderr := r.start()
	r.ends(cmd, stderr, code, line)
}

func (r *trial) ends(cmd *exec.Cmd, stderr *bytes.Buffer, code int, line string) {
	r.Helper()
	exit := (*exec.ExitError)(nil)
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != code {
		r.Fatalf("got %v, want code %d: %s", err, code, stderr)
	}
	if !regexp.MustCompile(`^bdtrain: `+line+`\n$`).Match(stderr.Bytes()) || strings.Count(stderr.String(), "\n") != 1 {
		r.Fatalf("got %q, want %q", stderr, line)
	}
}

// use sets a flag of the trial.
func (r *trial) use(flag, value string) {
	for i, arg := range r.args {
		if arg == flag {
			r.args[i+1] = value
			return
		}
	}
	r.args = append(r.args, flag, value)
}

func (r *trial) write(name, text string) {
	r.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o666); err != nil {
		r.Fatal(err)
	}
}

// A disk that fills up while there is a checkpoint on it, a log, a model or the samples: the run ends with code 1 and its
// reason, what was there is intact, and the run can be resumed when there is room.
func TestFullDisk(t *testing.T) {
	args := []string{"--epochs", "8", "--batch", "7"}
	whole := newTrial(t, args...)
	whole.write("net.txt", largeNetwork)
	whole.finish()
	want := whole.results()
	size := len(want[1])

	t.Run("checkpoint", func(t *testing.T) { // one fits, a second beside it does not
		disk := tooltest.SmallDisk(t, size*3/2)
		run := newTrial(t, args...)
		run.write("net.txt", largeNetwork)
		run.use("--checkpoint", disk+"/ck")
		run.use("--resume", disk+"/ck")
		run.fails(1, `--checkpoint \S+/ck: .*no space left on device`)
		if entries, _ := os.ReadDir(disk); len(entries) != 1 {
			t.Errorf("on the disk: %v", entries)
		}
		tooltest.ChangeDisk(t, disk, size*3, true)
		run.fails(1, `creating \S+/ck: read-only file system`)
		tooltest.ChangeDisk(t, disk, size*3, false)
		run.finish()
		run.write("ck", "")
		if err := os.Rename(run.dir+"/ck", run.dir+"/empty"); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(disk+"/ck", run.dir+"/ck"); err != nil {
			t.Fatal(err)
		}
		run.compare(want)
	})

	t.Run("interrupt", func(t *testing.T) {
		disk := tooltest.SmallDisk(t, 4<<10)
		run := newTrial(t, args...)
		run.write("net.txt", largeNetwork)
		run.use("--checkpoint", disk+"/ck")
		run.use("--resume", disk+"/ck")
		run.use("--every", "1000000")
		run.use("--epochs", "1000000")
		cmd, stderr := run.start()
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			if log, _ := os.ReadFile(run.dir + "/log.jsonl"); bytes.Count(log, []byte("\n")) > 1 {
				break
			}
		}
		cmd.Process.Signal(syscall.SIGTERM)
		run.ends(cmd, stderr, 1, `interrupted; --checkpoint \S+/ck: .*no space left on device`)
		run.read("model")
	})

	t.Run("log", func(t *testing.T) {
		disk := tooltest.SmallDisk(t, 4<<10) // a page, some 30 lines
		args := []string{"--epochs", "60", "--batch", "7"}
		whole := newTrial(t, args...)
		whole.finish()
		run := newTrial(t, args...)
		run.use("--log", disk+"/log.jsonl")
		run.fails(1, `write \S+/log.jsonl: no space left on device`)
		tooltest.ChangeDisk(t, disk, 64<<10, false)
		run.finish()
		log, err := os.ReadFile(disk + "/log.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		run.write("log.jsonl", string(log))
		run.compare(whole.results())
	})

	t.Run("model", func(t *testing.T) {
		disk := tooltest.SmallDisk(t, 4<<10)
		if err := os.WriteFile(disk+"/model", []byte("earlier"), 0o666); err != nil {
			t.Fatal(err)
		}
		run := newTrial(t, args...)
		run.write("net.txt", largeNetwork)
		run.use("-o", disk+"/model")
		run.fails(1, `writing the model: .*no space left on device`)
		if got, _ := os.ReadFile(disk + "/model"); string(got) != "earlier" {
			t.Errorf("the earlier model is %q", got)
		}
		run.use("-o", "model") // the checkpoint has it all
		run.finish()
		run.compare(want)
	})

	t.Run("samples", func(t *testing.T) {
		run := newTrial(t, args...)
		data, err := exec.Command("samples", "-n", "700", "-size", "64").Output() // 11 MB, where --memory leaves 8
		if err != nil {
			t.Fatal(err)
		}
		run.write("data.tar", string(data))
		run.use("--memory", "32M")
		t.Setenv("TMPDIR", tooltest.SmallDisk(t, 4<<10))
		run.fails(1, `reading data.tar: keeping data in a temporary file: .*no space left on device; point TMPDIR.*`)
	})
}

// An input that fails in its middle ends the run with code 1 and the system's reason. What there was before is intact,
// and the run goes on from its last step when the input can be read.
func TestReadErrors(t *testing.T) {
	for _, epochs := range []string{"1", "2"} {
		whole := newTrial(t, "--epochs", epochs, "--batch", "1", "--every-steps", "1")
		whole.finish()
		run := newTrial(t, "--epochs", epochs, "--batch", "1", "--every-steps", "1")
		run.write("model", "earlier")
		half := run.read("data.tar")
		half = half[:len(half)/2]

		// In the process: an error after half of the data.
		var stderr bytes.Buffer
		in := io.MultiReader(bytes.NewReader(half), iotest.ErrReader(errors.New("the disk is on fire")))
		code := tool.Run(context.Background(), newApp, []string{"bdtrain", "--net", run.dir + "/net.txt", "--quiet", "--epochs", epochs, "--batch", "1",
			"-o", run.dir + "/model"}, tool.Stdio{In: in, Out: io.Discard, Err: &stderr})
		if line := stderr.String(); code != 1 || !strings.HasPrefix(line, "bdtrain: reading stdin: ") || !strings.HasSuffix(line, ": the disk is on fire\n") {
			t.Errorf("code %d, %q", code, line)
		}

		// From the system: a connection that is reset after half of the data, a file that cannot be read, a folder of other things.
		run.args[0] = "-"
		cmd, out := run.command()
		cmd.Stdin = reset(t, half)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		run.ends(cmd, out, 1, `reading stdin: .*connection reset by peer`)
		steps, _ := run.checkpoint()
		if stream := epochs == "1"; stream != (steps > 0) {
			t.Errorf("%s epochs: the checkpoint is of step %d", epochs, steps)
		}
		run.args[0] = "/proc/self/mem"
		run.fails(1, `reading /proc/self/mem: read /proc/self/mem: input/output error`)
		run.args[0] = "."
		run.fails(1, `reading .: there are no samples, only (ck|data.tar), which is (zstd data|a tar archive); name that file instead of the folder`)
		if got := run.read("model"); string(got) != "earlier" {
			t.Errorf("the earlier model is %q", got)
		}
		run.args[0] = "data.tar"
		run.finish()
		run.compare(whole.results())
	}
}

// reset returns a connection from which data come and then an error.
func reset(t *testing.T, data []byte) *os.File {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	f, err := client.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	client.Close()
	t.Cleanup(func() { f.Close() })
	if _, err := server.Write(data); err != nil {
		t.Fatal(err)
	}
	server.(*net.TCPConn).SetLinger(0) // tcp(7), socket(7): closing sends a reset
	time.AfterFunc(200*time.Millisecond, func() { server.Close() })
	return f
}
