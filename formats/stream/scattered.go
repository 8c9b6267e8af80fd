package stream

import (
	"errors"
	"fmt"
	"hash/maphash"
)

// ErrScattered is the kind of error about a label in .json or .txt that does not stand beside its sample.
var ErrScattered = errors.New(pack)

// scattered has, by a hash of their keys, samples that have no label, as "", and members that have a label but no sample, as the
// ending of these. It holds the first of a stream only: where labels stand apart from samples, they do so from the beginning.
type scattered map[uint64]string

const mostScattered = 1 << 16

var keySeed = maphash.MakeSeed()

// bytes is about what it takes.
func (s scattered) bytes() int64 { return 64 * int64(len(s)) }

// together remembers the key of a sample that has no label or, if kind is an ending, of a label without a sample. If it has seen the
// other one before, that is an error. In a folder they always stand together.
func (r *Reader) together(key string, unlabelled bool, kind string) error {
	if r.m.folder != nil || !unlabelled {
		return nil
	}
	hash := maphash.String(keySeed, key)
	switch before, ok := r.scattered[hash]; {
	case ok && (before == "") != (kind == ""):
		return fmt.Errorf("sample %s has a label in .%s, which does not stand beside it; %w", quoted(key), kind+before, ErrScattered)
	case !ok && len(r.scattered) < mostScattered:
		r.scattered[hash] = kind
	}
	return nil
}
