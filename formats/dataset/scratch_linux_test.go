package dataset

import (
	"errors"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// What several goroutines write can be read; nothing of the file is in its folder.
func TestScratch(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s, err := NewScratch()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Reserve(1 << 20); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := s.WriteAt([]byte{byte(i), 1}, int64(1000*i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var b [2]byte
	for i := range 8 {
		if _, err := s.ReadAt(b[:], int64(1000*i)); err != nil || b != [2]byte{byte(i), 1} {
			t.Errorf("%v at %d: %v", b, i, err)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("%v in the folder, %v", list, err)
	}
	if free, ok := ScratchRoom(); !ok || free < 1 {
		t.Errorf("%g bytes are free", free)
	}
}

// Errors say what to do.
func TestScratchWithoutRoom(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &Scratch{&tempFile{File: full}}
	defer s.Close()
	const advice = "point TMPDIR to more room"
	if _, err := s.WriteAt([]byte{1}, 0); !errors.Is(err, syscall.ENOSPC) || !strings.HasSuffix(err.Error(), advice) {
		t.Error(err)
	}
	if err := s.Reserve(1); !errors.Is(err, syscall.ENODEV) || !strings.HasSuffix(err.Error(), advice) { // a device
		t.Error(err)
	}
	t.Setenv("TMPDIR", "/dev/full")
	if _, err := NewScratch(); !errors.Is(err, syscall.ENOTDIR) || !strings.HasSuffix(err.Error(), advice) {
		t.Error(err)
	}
}
