package npy

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// Mappings are files that are mapped and read together, such as those of a folder: their pages take no more memory than those of
// one of them, and none of the files is kept open.
type Mappings struct {
	pages pages
	mu    sync.Mutex
	all   []*Mapping
}

// Array maps one more file and returns the array that is the whole of it; nil if it cannot be mapped, is none or has at most that many
// elements.
func (s *Mappings) Array(f *os.File, most int) *Array {
	m, ok := mapWith(f, &s.pages)
	if !ok {
		return nil
	}
	info, err := m.file.Stat()
	if err != nil {
		m.Close()
		return nil
	}
	a, err := m.Array(0, m.Size())
	if err != nil || a.Len() <= most {
		m.Close()
		return nil
	}
	m.file.Close() // its name remains
	m.was = info
	s.mu.Lock()
	s.all = append(s.all, m)
	s.mu.Unlock()
	return a
}

// Err is Mapping.Err of the files that were read since it was called last, which are looked for by their names. The error says which.
func (s *Mappings) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.all {
		if m.read.Swap(false) || m.broken.Load() {
			if err := m.Err(); err != nil {
				m.read.Store(true) // so that it lasts
				if pe := (*fs.PathError)(nil); !errors.As(err, &pe) {
					err = fmt.Errorf("file %s: %w", m.file.Name(), err)
				}
				return err
			}
		}
	}
	return nil
}

// Resident is Mapping.Resident of all of them together.
func (s *Mappings) Resident() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := int64(0)
	for _, m := range s.all {
		size += m.Size()
	}
	return min(size, (mostBlocks+1)*blockBytes)
}

// Close ends all of the mappings.
func (s *Mappings) Close() error {
	var err error
	for _, m := range s.all {
		err = cmp.Or(err, m.Close())
	}
	s.all = nil
	return err
}
