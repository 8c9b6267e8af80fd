package gp

import (
	"io"
	"sync"
	"unsafe"
)

// A Store is where a large sample lies while it is drawn, such as a temporary file. Several goroutines use it at once.
type Store interface {
	io.ReaderAt
	io.WriterAt
}

// outside reads and writes numbers in a Store, as the memory of this machine has them. After an error it does nothing more.
type outside struct {
	store Store
	mu    sync.Mutex
	err   error // the first
}

// failed returns the first error.
func (o *outside) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// done keeps an error.
func (o *outside) done(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
}

// read reads numbers that begin at a byte. After an error they are not what was written.
func read[T float32 | float64](o *outside, dst []T, at int64) {
	if len(dst) == 0 || o.failed() != nil {
		return
	}
	if n, err := o.store.ReadAt(bytes(dst), at); n < len(bytes(dst)) {
		o.done(err)
	}
}

// write writes numbers from a byte on.
func write[T float32 | float64](o *outside, src []T, at int64) {
	if len(src) == 0 || o.failed() != nil {
		return
	}
	if _, err := o.store.WriteAt(bytes(src), at); err != nil {
		o.done(err)
	}
}

// bytes returns the memory of numbers.
func bytes[T float32 | float64](x []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(x[0])))
}
