package dataset

import "os"

// A Scratch is a temporary file, without a name where the system can do that, in which a job keeps what memory need not hold.
// Several goroutines may use it at once. Its errors are those of an AdvisedError.
type Scratch struct{ file *tempFile }

// NewScratch creates one in the folder of temporary files.
func NewScratch() (*Scratch, error) {
	file, err := newTempFile()
	if err != nil {
		return nil, err
	}
	return &Scratch{file}, nil
}

// WriteAt implements io.WriterAt.
func (s *Scratch) WriteAt(p []byte, at int64) (int, error) {
	n, err := s.file.WriteAt(p, at)
	return n, spillError(err)
}

// ReadAt implements io.ReaderAt.
func (s *Scratch) ReadAt(p []byte, at int64) (int, error) {
	n, err := s.file.ReadAt(p, at)
	return n, spillError(err)
}

// Reserve makes sure that there is room for that many bytes, where the system can tell beforehand.
func (s *Scratch) Reserve(size int64) error {
	if err := reserve(s.file.File, size); err != nil {
		return spillError(&os.PathError{Op: "reserving room for", Path: s.file.Name(), Err: err})
	}
	return nil
}

// Close removes the file.
func (s *Scratch) Close() error { return s.file.Close() }

// ScratchRoom returns the bytes that are free where temporary files lie; ok is false if the system does not say.
func ScratchRoom() (free float64, ok bool) { return room(os.TempDir()) }
