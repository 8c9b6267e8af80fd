package models

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"backdrop/formats/dataset"
	"backdrop/formats/npy"
)

// ReadGroups reads which of n samples belong together, from an array of numbers or texts, one for each sample (ReadEach). Groups
// are numbered from 0 in the order of their first samples.
func ReadGroups(name string, n int) (groups []int, err error) {
	err = ReadEach(npy.OpenText, name, "group", n, func(a *npy.Array) (err error) {
		groups, err = groupsOf(a)
		return err
	})
	return groups, err
}

// ReadEach opens an array that has one element, called what in errors, for each of n samples, [N], [N,1] or [1,N], and takes of it
// what it wants.
func ReadEach(open func(string) (*npy.File, error), name, what string, n int, take func(*npy.Array) error) error {
	f, err := open(name)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return err
	}
	if err == nil {
		defer f.Close()
		if !dataset.OneEach(f.Shape, n) {
			err = fmt.Errorf("its shape is %v; want one %s for each of %d samples, [N], [N,1] or [1,N]", f.Shape, what, n)
		} else {
			err = take(f.Array)
		}
		if e := f.Err(); e != nil {
			err = e
		}
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// groupsOf numbers the groups that an array names.
func groupsOf(a *npy.Array) ([]int, error) {
	groups := make([]int, 0, a.Len())
	if a.IsText() {
		seen := map[string]int{}
		err := a.Texts(func(_ int, text []byte) error {
			groups = append(groups, number(seen, string(text)))
			return nil
		})
		return groups, err
	}
	values, err := a.Int64()
	seen := map[int64]int{}
	for _, v := range values {
		groups = append(groups, number(seen, v))
	}
	return groups, err
}

// number returns the number of a name, the next one if it is new.
func number[T comparable](seen map[T]int, name T) int {
	n, ok := seen[name]
	if !ok {
		n = len(seen)
		seen[name] = n
	}
	return n
}

// GroupsDigest identifies which samples belong together, whatever their groups are called.
func GroupsDigest(groups []int) string {
	h := sha256.New()
	for _, g := range groups {
		binary.Write(h, binary.LittleEndian, int64(g)) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
