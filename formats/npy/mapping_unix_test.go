//go:build unix

package npy

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// openLarge opens a file of 4 channels of 500×500 float32, and returns its name.
func openLarge(t *testing.T) (f *File, name string) {
	t.Helper()
	content, _ := encoded(rand.New(rand.NewPCG(1, 1)), Float32, false, false, []int{4, 500, 500})
	name = writeFile(t, content)
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, name
}

// A file that is cut while it is mapped is no fault: what is gone is zero, and the file says so, whoever reads it.
func TestCutWhileMapped(t *testing.T) {
	f, name := openLarge(t)
	whole := make([]float32, 250000)
	f.Planes().Pixels(whole, 1, 0, 0, 250000)
	if err := f.Err(); err != nil {
		t.Fatal(err)
	}
	size := f.Mapped()
	if err := os.Truncate(name, size/2); err != nil {
		t.Fatal(err)
	}
	was := debug.SetPanicOnFault(false)
	debug.SetPanicOnFault(was)
	var wg sync.WaitGroup
	for c := range 4 {
		wg.Go(func() {
			got := slices.Repeat([]float32{7}, 250000)
			f.Planes().Pixels(got, 1, c, 0, 250000)
			if c > 1 && slices.ContainsFunc(got, func(v float32) bool { return v != 0 }) {
				t.Errorf("channel %d: what is gone is not zero", c)
			}
		})
	}
	wg.Wait()
	want := fmt.Sprintf("npy: the file was cut from %d to %d bytes while it was in use; start again when it is whole", size, size/2)
	for what, err := range map[string]error{"file": f.Err(), "conversion": f.Float32To(make([]float32, 1e6)), "copy": Write(new(bytes.Buffer), f.Array)} {
		if text(err) != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	if now := debug.SetPanicOnFault(was); now != was {
		t.Error("faults are panics ever after")
	}
	// Even if it is whole again, something was read that was not in it.
	if err := os.Truncate(name, size); err != nil {
		t.Fatal(err)
	}
	if err := f.Err(); err != errBroken {
		t.Errorf("whole again: %v", err)
	}
}

// A change of size within a page is no fault at all, and growing changes nothing that was mapped: both come out all the same.
func TestChangesOfSize(t *testing.T) {
	for by, want := range map[int64]string{
		-1: "npy: the file was cut from %d to %d bytes while it was in use; start again when it is whole",
		1:  "npy: the file has grown from %d to %d bytes while it was in use; start again when it is complete",
	} {
		f, name := openLarge(t)
		size := f.Mapped()
		if err := os.Truncate(name, size+by); err != nil {
			t.Fatal(err)
		}
		f.Planes().Pixels(make([]float32, 250000), 1, 3, 0, 250000)
		if got := text(f.Err()); got != fmt.Sprintf(want, size, size+by) {
			t.Errorf("%+d bytes: %s", by, got)
		}
	}
	// Another file of that name is another file.
	f, name := openLarge(t)
	if err := os.Rename(writeFile(t, []byte("other")), name); err != nil {
		t.Fatal(err)
	}
	if err := f.Err(); err != nil {
		t.Error(err)
	}
}

// A file may be cut before its header is looked at.
func TestCutBeforeItIsRead(t *testing.T) {
	_, name := openLarge(t)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	m, ok := Map(file)
	if !ok {
		t.Fatal("not mapped")
	}
	defer m.Close()
	file.Close()
	if err := os.Truncate(name, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Array(0, m.Size()); err == nil || !strings.HasPrefix(err.Error(), "npy: the file was cut from ") {
		t.Error(err)
	}
}

// Other panics, and faults elsewhere, are not taken for those of a file.
func TestOtherPanics(t *testing.T) {
	f, _ := openLarge(t)
	none, err := unix.Mmap(-1, 0, 4096, unix.PROT_NONE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(none)
	for what, wrong := range map[string]func(){
		"index": func() { f.Planes().Pixels(nil, 1, 0, 0, 10) },
		"text":  func() { f.mapping.guarded(func() { panic("mine") }) },
		"fault": func() { f.mapping.guarded(func() { none[7]++ }) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", what)
				}
			}()
			wrong()
		}()
	}
	if err := f.Err(); err != nil {
		t.Error(err)
	}
}
