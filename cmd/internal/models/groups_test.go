package models

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
)

func TestReadGroups(t *testing.T) {
	file := filepath.Join(t.TempDir(), "g.npy")
	save := func(shape []int, values ...int64) {
		f, err := os.Create(file)
		if err == nil {
			err = npy.WriteInt64(f, shape, values)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	save([]int{4, 1}, 7, -1, 7, 1<<40)
	groups, err := ReadGroups(file, 4)
	if err != nil || !slices.Equal(groups, []int{0, 1, 0, 2}) {
		t.Errorf("%v, %v", groups, err)
	}
	save([]int{4}, 1, 5, 1, 0) // other names of the same
	same, err := ReadGroups(file, 4)
	if err != nil || GroupsDigest(same) != GroupsDigest(groups) {
		t.Errorf("%v, %v", same, err)
	}
	if GroupsDigest([]int{0, 1, 1, 2}) == GroupsDigest(groups) {
		t.Error("other groups have the same digest")
	}
	for want, n := range map[string]int{"its shape is [4]; want one group for each of 5 samples": 5, "its shape is [4]; want one group for each of 3": 3} {
		if _, err := ReadGroups(file, n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	golden.Save(t, file, npy.Float32, []int{2}, []float32{1, 1.5})
	if _, err := ReadGroups(file, 2); err == nil || !strings.Contains(err.Error(), "reading "+file) {
		t.Errorf("groups 1 and 1.5: %v", err)
	}
	if _, err := ReadGroups(file+"x", 2); err == nil || !strings.HasPrefix(err.Error(), "open ") {
		t.Errorf("no file: %v", err)
	}
}

// Texts are groups, too, as NumPy writes them.
func TestReadGroupsOfTexts(t *testing.T) {
	dir := t.TempDir()
	golden.NumPy(t, dir, nil, `
import numpy as np
np.save("g.npy", np.array(["Ann", "Bo", "Ann", "", "Čeněk", "Bo"]))
`)
	groups, err := ReadGroups(filepath.Join(dir, "g.npy"), 6)
	if err != nil || !slices.Equal(groups, []int{0, 1, 0, 2, 3, 1}) {
		t.Errorf("%v, %v", groups, err)
	}
}
