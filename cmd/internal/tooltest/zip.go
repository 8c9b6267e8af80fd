package tooltest

import (
	"os"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/internal/testkit/hostile"
)

// zip FILE MEMBER… puts files into a zip archive, such as an .npz.
func zipFiles(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: zip FILE MEMBER…")
	}
	var members []hostile.File
	for _, name := range args[1:] {
		members = append(members, hostile.File{Name: name, Data: ts.ReadFile(name)})
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), hostile.Zip(members...), 0o666))
}
