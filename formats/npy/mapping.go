package npy

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Mapping is a file that is mapped into memory, and read where it is used. Its pages are the file's own: the system reads them
// when they are touched, and drops them when it needs room.
//
// A file may be cut while it is mapped. What lies behind its end then reads as zeros: a page that is no longer there is not the
// end of the program, but noted for Err. All functions of this package read the bytes of a mapping so. Of views that Float32View
// and Int64View return it is an error of Guard.
type Mapping struct {
	bytes  []byte
	file   *os.File // open as long as the mapping is, to see its size
	broken atomic.Bool

	// Blocks of the file that may be resident, by their number modulo recentBlocks: one more than the number. So going through a
	// large file does not fill the memory of the process.
	recent [recentBlocks]atomic.Int64
	blocks atomic.Int64 // how many there are
	apart  atomic.Int64 // bytes of elements that lie apart, since pages were released
}

const (
	blockBytes   = 2 << 20 // may become resident when one byte is touched: a folio of Linux's page cache (measured with Linux 6.18)
	mostBlocks   = 4       // may be touched before their pages are released
	recentBlocks = 256
)

// Map maps a regular file, which may be closed afterwards. ok is false if the system cannot.
func Map(f *os.File) (m *Mapping, ok bool) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	bytes, own, ok := mapFile(f, info.Size())
	m = &Mapping{bytes: bytes, file: own}
	if ok {
		mappings.Store(m, true)
	}
	return m, ok
}

// mappings are all that are not closed.
var mappings sync.Map

// Guard calls f and returns its error. If f comes to a page of a mapping that is no longer there, in its own goroutine or in package
// parallel, it ends, and the error says what has become of which file.
func Guard(f func() error) (err error) {
	was := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(was)
		r := recover()
		if r == nil {
			return
		}
		err = nil
		mappings.Range(func(key, _ any) bool {
			if m := key.(*Mapping); m.holds(r) {
				err = fmt.Errorf("reading %s: %w", m.file.Name(), cmp.Or(m.Err(), errBroken))
			}
			return err == nil
		})
		if err == nil {
			panic(r)
		}
	}()
	return f()
}

// holds reports whether a panic is a fault in the mapping.
func (m *Mapping) holds(panicked any) bool {
	fault, ok := panicked.(interface{ Addr() uintptr }) // a runtime.Error
	first := uintptr(unsafe.Pointer(unsafe.SliceData(m.bytes)))
	return ok && fault.Addr() >= first && fault.Addr() < first+uintptr(len(m.bytes))
}

// Size is the number of bytes of the file when it was mapped.
func (m *Mapping) Size() int64 { return int64(len(m.bytes)) }

// Array returns the array that is the whole of the bytes from ≤ i < to of the file.
func (m *Mapping) Array(from, to int64) (*Array, error) { return m.array(from, to, readNumbers) }

// array is Array with either way to read the header.
func (m *Mapping) array(from, to int64, read headerReader) (a *Array, err error) {
	if !m.guarded(func() { a, err = parse(m.bytes[from:to:to], read) }) {
		return nil, m.Err()
	}
	if a != nil {
		a.in = m
	}
	return a, err
}

// guarded calls f, which reads bytes of the mapping, and reports whether all of them could be read.
func (m *Mapping) guarded(f func()) (ok bool) {
	if m.broken.Load() {
		return false
	}
	defer m.catch(debug.SetPanicOnFault(true))
	f()
	return true
}

// catch ends what was begun with SetPanicOnFault, which returned was: it notes a fault in the mapping. Other panics go on.
func (m *Mapping) catch(was bool) {
	debug.SetPanicOnFault(was)
	r := recover()
	if r != nil && !m.holds(r) {
		panic(r)
	}
	if r != nil {
		m.broken.Store(true)
	}
}

// errBroken is the error of a page that was not there when it was read, or that the disk did not give.
var errBroken = errors.New("npy: a part of the file was gone when it was read, or the disk failed; start again when the file is whole")

// Err says what was wrong with the file when it was read, or whether it has another size than when it was mapped; nil if nothing
// is. Whoever has used values of it asks before the results are used.
func (m *Mapping) Err() error {
	info, err := m.file.Stat()
	if err != nil {
		return err
	}
	switch was := m.Size(); {
	case info.Size() < was:
		return fmt.Errorf("npy: the file was cut from %d to %d bytes while it was in use; start again when it is whole", was, info.Size())
	case info.Size() > was:
		return fmt.Errorf("npy: the file has grown from %d to %d bytes while it was in use; start again when it is complete", was, info.Size())
	case m.broken.Load():
		return errBroken
	}
	return nil
}

// touch says that bytes from ≤ i < to were used. From time to time it releases the pages of the file to the system, which keeps
// them if it can and reads them again if it cannot.
func (m *Mapping) touch(from, to int) {
	for block := int64(from) / blockBytes; block*blockBytes < int64(to); block++ {
		if place := &m.recent[block%recentBlocks]; place.Load() != block+1 {
			place.Store(block + 1)
			if m.blocks.Add(1) >= mostBlocks {
				m.release()
			}
		}
	}
}

// touchApart is touch for n bytes of elements that lie apart. It releases pages when that many bytes were used as once all of
// them belong to.
func (m *Mapping) touchApart(n, all int) {
	if m.apart.Add(int64(n)) > int64(all) {
		m.apart.Store(0)
		m.release()
	}
}

func (m *Mapping) release() {
	m.blocks.Store(0)
	for i := range m.recent {
		m.recent[i].Store(0)
	}
	release(m.bytes)
}

// place is where a part of the mapping begins.
func (m *Mapping) place(part []byte) int {
	return int(uintptr(unsafe.Pointer(unsafe.SliceData(part))) - uintptr(unsafe.Pointer(unsafe.SliceData(m.bytes))))
}

// Resident bounds the bytes of the file that are in memory at a time when samples are read that lie in one piece.
func (m *Mapping) Resident() int64 { return min(m.Size(), (mostBlocks+1)*blockBytes) }

// Close ends the mapping. What shares its memory must not be used after that.
func (m *Mapping) Close() error {
	bytes := m.bytes
	if m.bytes = nil; bytes == nil {
		return nil
	}
	mappings.Delete(m)
	return errors.Join(unmap(bytes), m.file.Close())
}
