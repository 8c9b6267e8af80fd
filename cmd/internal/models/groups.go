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

// ReadGroups reads which of n samples belong together, from an array of numbers or texts, one for each sample: [N], [N,1] or
// [1,N]. Groups are numbered from 0 in the order of their first samples.
func ReadGroups(name string, n int) ([]int, error) {
	f, err := npy.OpenText(name)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	defer f.Close()
	groups, err := groupsOf(f.Array, n)
	if e := f.Err(); e != nil {
		err = e
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return groups, nil
}

// groupsOf numbers the groups that an array names.
func groupsOf(a *npy.Array, n int) ([]int, error) {
	if !dataset.OneEach(a.Shape, n) {
		return nil, fmt.Errorf("its shape is %v; want one group for each of %d samples, [N], [N,1] or [1,N]", a.Shape, n)
	}
	groups := make([]int, 0, n)
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
