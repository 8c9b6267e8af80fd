// Package cut tells input that ends too early from input that ends where it should.
//
// All readers under formats agree on this: io.EOF says that everything was read and in order; an error of input that was
// cut short satisfies errors.Is(err, io.ErrUnexpectedEOF).
package cut

import (
	"fmt"
	"io"
)

// Error is an error that says where the input was cut.
type Error string

// Errorf formats an Error.
func Errorf(format string, args ...any) error { return Error(fmt.Sprintf(format, args...)) }

// Error returns the text.
func (e Error) Error() string { return string(e) }

// Unwrap returns io.ErrUnexpectedEOF.
func (Error) Unwrap() error { return io.ErrUnexpectedEOF }
