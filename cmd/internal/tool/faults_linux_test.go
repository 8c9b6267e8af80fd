package tool

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"backdrop/cmd/internal/tooltest"
)

// A full disk is an error that says so. The earlier result stays, and nothing else is left.
func TestFullDisk(t *testing.T) {
	dir := tooltest.SmallDisk(t, 64<<10)
	name := filepath.Join(dir, "a")
	if err := (Stdio{}).WriteFile(name, Binary, write("first", nil)); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{70 << 10, 200 << 10} { // what Commit flushes, and what does not fit the buffer
		out, err := (Stdio{}).Create(name, Binary)
		if err != nil {
			t.Fatal(err)
		}
		_, errWrite := out.Write(make([]byte, size))
		err = errors.Join(errWrite, out.Commit())
		out.Abort()
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if got, _ := os.ReadFile(name); string(got) != "first" {
			t.Errorf("the earlier result is %q", got)
		}
		if names := entries(t, dir); len(names) != 1 {
			t.Errorf("left over: %v", names)
		}
	}
	tooltest.ChangeDisk(t, dir, 64<<10, true)
	if _, err := (Stdio{}).Create(name, Binary); !errors.Is(err, syscall.EROFS) {
		t.Errorf("read-only: %v", err)
	}
}

// What a killed process left is removed by the next process that writes the same result. What a running process is writing
// stays. Both are true whether files have a name from the beginning or get one at the end.
func TestStaleParts(t *testing.T) {
	for what, create := range map[string]func(target string) (*os.File, string, error){
		"named": createNamed, "unnamed": createBeside,
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			target := filepath.Join(dir, "a")
			commit := func(text string) {
				t.Helper()
				f, temp, err := create(target)
				if err != nil {
					t.Fatal(err)
				}
				f.WriteString(text)
				if err := place(f, temp, target); err != nil {
					t.Fatal(err)
				}
				if got, _ := os.ReadFile(target); string(got) != text {
					t.Errorf("got %q, want %q", got, text)
				}
			}
			stale := ownName(target)
			if err := os.WriteFile(stale, []byte("half"), 0o666); err != nil {
				t.Fatal(err)
			}
			commit("first")
			if names := entries(t, dir); len(names) != 1 {
				t.Errorf("left over: %v", names)
			}
			// Another writer has locked the name.
			if err := os.WriteFile(stale, []byte("alive"), 0o666); err != nil {
				t.Fatal(err)
			}
			other, err := os.Open(stale)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			if err := unix.Flock(int(other.Fd()), unix.LOCK_EX); err != nil {
				t.Fatal(err)
			}
			commit("second")
			if got, _ := os.ReadFile(stale); !bytes.Equal(got, []byte("alive")) || len(entries(t, dir)) != 2 {
				t.Errorf("what another process is writing is %q; %v", got, entries(t, dir))
			}
		})
	}
}

// Many writers write one result at the same time: each succeeds, the last one remains, and nothing else is left.
func TestWritersOfOneResult(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "a")
	done := make(chan error)
	const writers, rounds = 8, 30
	for i := range writers {
		go func() {
			var err error
			for range rounds {
				create := createBeside
				if i%2 == 0 {
					create = createNamed
				}
				f, temp, e := create(target)
				if e == nil {
					f.WriteString("whole")
					e = place(f, temp, target)
				}
				err = errors.Join(err, e)
			}
			done <- err
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got, _ := os.ReadFile(target); string(got) != "whole" || len(entries(t, dir)) != 1 {
		t.Errorf("got %q; %v", got, entries(t, dir))
	}
}
