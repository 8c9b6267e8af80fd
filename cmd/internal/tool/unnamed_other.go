//go:build !linux

package tool

import "os"

func createBeside(target string) (f *os.File, temp string, err error) { return createNamed(target) }

func name(*os.File, string) (temp string, err error) { panic("tool: a file without a name") }
