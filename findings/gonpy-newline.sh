#!/usr/bin/env bash
# gonpy writes .npy headers without the newline that the format wants at their end.
#
# NumPy's description of the format (numpy/lib/format.py, version 1.0) has the header padded with spaces and ended by a newline.
# gonpy v0.0.0-20210519231815-fa3c8dd8e59b pads with spaces to the end. NumPy, which evaluates the text, reads it all the same;
# readers that take the description at its word do not.
#
# Needs Go. Exit code 0: as described; 1: it has changed.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'G'
package main

import (
	"encoding/binary"
	"fmt"
	"os"

	"github.com/kshedden/gonpy"
)

func main() {
	w, err := gonpy.NewFileWriter("a.npy")
	if err == nil {
		w.Shape = []int{2, 3}
		err = w.WriteFloat32([]float32{1, 2, 3, 4, 5, 6})
	}
	b, errRead := os.ReadFile("a.npy")
	if err != nil || errRead != nil {
		fmt.Println(err, errRead)
		os.Exit(1)
	}
	size := 10 + int(binary.LittleEndian.Uint16(b[8:]))
	fmt.Printf("%q\n", b[:size])
	if last := b[size-1]; last != ' ' {
		fmt.Printf("changed: the header ends in %q\n", last)
		os.Exit(1)
	}
	fmt.Println("the header ends in a space")
}
G
go mod init finding 2>/dev/null
go get github.com/kshedden/gonpy@v0.0.0-20210519231815-fa3c8dd8e59b 2>/dev/null
go version
go list -m github.com/kshedden/gonpy
go run .
