//go:build !linux

package dataset

import "os"

// reserve does nothing where the system has no such call.
func reserve(*os.File, int64) error { return nil }

// room is not known.
func room(string) (free float64, ok bool) { return 0, false }
