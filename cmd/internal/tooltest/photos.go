package tooltest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/internal/testkit/hostile"
)

// photos FOLDER N SIZE rows|columns [grey|rgb|rgba] writes N square PNG pictures, 000.png and so on, with bright rows or columns in
// noise. Those with alpha are opaque.
func photos(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 || args[3] != "rows" && args[3] != "columns" {
		ts.Fatalf("usage: photos FOLDER N SIZE rows|columns [grey|rgb|rgba]")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	size, err := strconv.Atoi(args[2])
	ts.Check(err)
	colourType, channels := byte(0), 1
	if len(args) > 4 {
		switch args[4] {
		case "rgb":
			colourType, channels = 2, 3
		case "rgba":
			colourType, channels = 6, 4
		}
	}
	folder := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(folder, 0o777))
	noise := uint32(1)
	for i := range n {
		var rows strings.Builder
		for y := range size {
			rows.WriteByte(0)
			for x := range size {
				along := y
				if args[3] == "columns" {
					along = x
				}
				noise = noise*1664525 + 1013904223
				grey := byte(noise>>24)/2 + byte((along+i)%4/2)*100
				for c := range channels {
					if c == 3 {
						grey = 255
					}
					rows.WriteByte(grey)
				}
			}
		}
		ts.Check(os.WriteFile(filepath.Join(folder, fmt.Sprintf("%03d.png", i)), hostile.PNG(size, size, 8, colourType, rows.String()), 0o666))
	}
}
