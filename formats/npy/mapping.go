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
// end of the program, but noted for Err. All functions of this package read the bytes of a mapping so. Of views, such as
// Float32View returns, it is an error of Guard.
type Mapping struct {
	bytes  []byte
	file   *os.File    // to see its size
	was    os.FileInfo // of a file that is closed, so that it is looked for by its name; else nil
	broken atomic.Bool

	pages *pages
	// Blocks of the file that may be resident, by their number modulo recentBlocks: one more than the number.
	recent []atomic.Int64
	used   atomic.Bool // pages were touched since they were released
	read   atomic.Bool // values were read since Mappings.Err looked at the file
}

// pages are those of one mapping or of several that may be resident. They are released now and then, so that going through large
// files does not fill the memory of the process.
type pages struct {
	blocks atomic.Int64 // that were touched since then
	apart  atomic.Int64 // bytes of elements that lie apart, since then
	mu     sync.Mutex
	of     []*Mapping // whose pages were touched
}

// use says that pages of a mapping were touched.
func (p *pages) use(m *Mapping) {
	if !m.used.Load() && !m.used.Swap(true) {
		p.mu.Lock()
		p.of = append(p.of, m)
		p.mu.Unlock()
	}
}

// release gives the pages to the system, which keeps them if it can and reads them again if it cannot.
func (p *pages) release() {
	p.blocks.Store(0)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.of {
		m.used.Store(false)
		for i := range m.recent {
			m.recent[i].Store(0)
		}
		release(m.bytes)
	}
	p.of = p.of[:0]
}

const (
	blockBytes   = 2 << 20 // may become resident when one byte is touched: a folio of Linux's page cache (measured with Linux 6.18)
	mostBlocks   = 4       // may be touched before their pages are released
	recentBlocks = 256
)

// Map maps a regular file, which may be closed afterwards. ok is false if the system cannot.
func Map(f *os.File) (m *Mapping, ok bool) { return mapWith(f, &pages{}) }

// mapWith is Map for one of several files that share pages.
func mapWith(f *os.File, p *pages) (m *Mapping, ok bool) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	bytes, own, ok := mapFile(f, info.Size())
	m = &Mapping{bytes: bytes, file: own, pages: p, recent: make([]atomic.Int64, min(recentBlocks, len(bytes)/blockBytes+1))}
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
	m.look()
	defer m.catch(debug.SetPanicOnFault(true))
	f()
	return true
}

// look says that values are read. Several goroutines do so, mostly after it was said.
func (m *Mapping) look() {
	if !m.read.Load() {
		m.read.Store(true)
	}
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
	stat := m.file.Stat
	if m.was != nil {
		stat = func() (os.FileInfo, error) { return os.Stat(m.file.Name()) }
	}
	info, err := stat()
	if err != nil {
		return err
	}
	switch was := m.Size(); {
	case m.was != nil && !os.SameFile(info, m.was):
		return errors.New("npy: another file has taken the place of one that was in use; start again")
	case info.Size() < was:
		return fmt.Errorf("npy: the file was cut from %d to %d bytes while it was in use; start again when it is whole", was, info.Size())
	case info.Size() > was:
		return fmt.Errorf("npy: the file has grown from %d to %d bytes while it was in use; start again when it is complete", was, info.Size())
	case m.broken.Load():
		return errBroken
	}
	return nil
}

// touch says that bytes from ≤ i < to were used.
func (m *Mapping) touch(from, to int) {
	for block := int64(from) / blockBytes; block*blockBytes < int64(to); block++ {
		if place := &m.recent[block%int64(len(m.recent))]; place.Load() != block+1 {
			place.Store(block + 1)
			m.pages.use(m)
			if m.pages.blocks.Add(1) >= mostBlocks {
				m.pages.release()
			}
		}
	}
}

// touchApart is touch for n bytes of elements that lie apart. It releases pages when that many bytes were used as once all of
// them belong to.
func (m *Mapping) touchApart(n, all int) {
	m.pages.use(m)
	if m.pages.apart.Add(int64(n)) > int64(all) {
		m.pages.apart.Store(0)
		m.pages.release()
	}
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
	if m.was != nil {
		return unmap(bytes)
	}
	return errors.Join(unmap(bytes), m.file.Close())
}
