package dataset

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"backdrop/formats/npy"
)

// TestSpillWithoutRoom writes to the device that is always full (full(4)).
func TestSpillWithoutRoom(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	err = npy.WriteFloat32(&tempFile{File: full}, []int{1}, []float32{1})
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasSuffix(err.Error(), "no space left on device; point TMPDIR to more room") {
		t.Error(err)
	}
}
