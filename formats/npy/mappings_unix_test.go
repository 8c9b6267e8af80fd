//go:build unix

package npy

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// Several files are mapped without being kept open. Only those that are read need be as they were, and their pages together are no
// more than those of one.
func TestMappings(t *testing.T) {
	dir := t.TempDir()
	content, _ := encoded(rand.New(rand.NewPCG(1, 1)), Float32, false, false, []int{4, 500, 500})
	var all Mappings
	var arrays []*Array
	name := func(i int) string { return filepath.Join(dir, string(rune('a'+i))+".npy") }
	const files = 8
	for i := range files {
		if err := os.WriteFile(name(i), content, 0o666); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(name(i))
		if err != nil {
			t.Fatal(err)
		}
		if a := all.Array(f, 1e6); a != nil {
			t.Error("an array of 10⁶ elements is larger than that")
		}
		a := all.Array(f, 1e6-1)
		if a == nil {
			t.Fatal("the file is not mapped")
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		arrays = append(arrays, a)
	}
	if got, most := all.Resident(), int64((mostBlocks+1)*blockBytes); got != most {
		t.Errorf("%d bytes may be resident, want %d", got, most)
	}
	x := make([]float32, 250000)
	touched := 0
	for _, a := range arrays {
		for c := range 4 {
			a.Planes().Pixels(x, 1, c, 0, len(x))
			all.pages.mu.Lock()
			touched = max(touched, len(all.pages.of))
			all.pages.mu.Unlock()
		}
	}
	if touched == 0 || touched > mostBlocks {
		t.Errorf("pages of %d files were in memory", touched)
	}
	if err := all.Err(); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{1, 2, 3} {
		if err := os.Remove(name(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(name(2), content, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := all.Err(); err != nil {
		t.Errorf("none of them was read since: %v", err)
	}
	arrays[0].Planes().Pixels(x, 1, 0, 0, len(x))
	if err := all.Err(); err != nil {
		t.Error(err)
	}
	arrays[2].Planes().Pixels(x, 1, 0, 0, len(x))
	if err := all.Err(); text(err) != "file "+name(2)+": npy: another file has taken the place of one that was in use; start again" {
		t.Error(err)
	}
	arrays[1].Planes().Pixels(x, 1, 0, 0, len(x))
	if err := all.Err(); !os.IsNotExist(err) {
		t.Error(err)
	}
	if err := all.Close(); err != nil {
		t.Error(err)
	}
	if err := all.Err(); err != nil {
		t.Error(err)
	}
}
