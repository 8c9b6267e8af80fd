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

// photos FOLDER N SIZE rows|columns [grey|rgb|rgba|grey12|grey16] writes N square PNG pictures, 000.png and so on, with bright rows
// or columns in noise. Those with alpha are opaque; the last two have 16 bits, of which grey12 uses 12.
func photos(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 || args[3] != "rows" && args[3] != "columns" {
		ts.Fatalf("usage: photos FOLDER N SIZE rows|columns [grey|rgb|rgba|grey12|grey16]")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	size, err := strconv.Atoi(args[2])
	ts.Check(err)
	colourType, channels, bits, scale := byte(0), 1, byte(8), 1
	if len(args) > 4 {
		switch args[4] {
		case "rgb":
			colourType, channels = 2, 3
		case "rgba":
			colourType, channels = 6, 4
		case "grey12":
			bits, scale = 16, 16
		case "grey16":
			bits, scale = 16, 257
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
					if bits == 16 {
						rows.WriteByte(byte(int(grey) * scale >> 8))
					}
					rows.WriteByte(byte(int(grey) * scale))
				}
			}
		}
		ts.Check(os.WriteFile(filepath.Join(folder, fmt.Sprintf("%03d.png", i)), hostile.PNG(size, size, bits, colourType, rows.String()), 0o666))
	}
}
