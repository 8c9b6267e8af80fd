//go:build !unix

package npy

import "os"

// mapFile says that files cannot be mapped.
func mapFile(*os.File, int64) ([]byte, *os.File, bool) { return nil, nil, false }

// release does nothing.
func release([]byte) {}

// unmap does nothing.
func unmap([]byte) error { return nil }
