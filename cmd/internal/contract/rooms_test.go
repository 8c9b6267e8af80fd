package contract

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers are the packages of the project from the ground up. A package imports packages of lower layers only; those of one
// layer do not know each other.
var layers = [][]string{
	{"lib/decimal", "lib/dims", "lib/finite", "lib/kernel", "lib/parallel", "lib/rng", "formats/cut", "formats/onnx", "formats/sniff"},
	{"lib/pixels"},
	{"lib/bytesize", "lib/draw", "lib/loss", "lib/mask", "lib/metric", "lib/optim", "lib/patchwork", "lib/resize", "lib/scale", "formats/npy", "formats/safetensors"},
	{"lib/machine", "lib/net", "lib/region", "formats/stream"},
	{"lib/data", "lib/engine", "lib/gp", "formats/dataset", "formats/model"},
	{"lib/fieldcheck", "lib/run"},
	{"lib/history", "lib/train"},
	{"cmd/internal/tool"},
	{"cmd/internal/models", "cmd/internal/thumbnail"},
	{"cmd/internal/export"},
	{"cmd/bdeval", "cmd/bdtrain", "cmd/gpgen", "cmd/maskviz"},
}

// knows says which rooms the packages of a room may import besides their own: what is computed knows nothing of files, files
// nothing of what is computed from them. Both know shapes, and samples as values to be read, at their own size or another.
var knows = map[string][]string{
	"lib":     nil,
	"formats": {"lib/dims", "lib/pixels", "lib/resize"},
	"cmd":     {"lib", "formats"},
}

// Imports point down, and stay in their room where they should. Without tests.
func TestRooms(t *testing.T) {
	layer := map[string]int{}
	for i, names := range layers {
		for _, name := range names {
			layer[name] = i
		}
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "backdrop/cmd/...", "backdrop/formats/...", "backdrop/lib/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(strings.ReplaceAll(line, "backdrop/", ""))
		name := words[0]
		if helper := strings.HasPrefix(name, "cmd/internal/") && strings.HasSuffix(name, "test"); helper || name == "cmd/internal/contract" {
			continue
		}
		at, ok := layer[name]
		if !ok {
			t.Errorf("%s has no layer: say here which packages it may import", name)
			continue
		}
		seen++
		room, _, _ := strings.Cut(name, "/")
		for _, imported := range words[1:] {
			below, ours := layer[imported]
			if !ours {
				continue
			}
			if below >= at {
				t.Errorf("%s imports %s, which is not below it", name, imported)
			}
			other, _, _ := strings.Cut(imported, "/")
			if other != room && !slices.Contains(knows[room], other) && !slices.Contains(knows[room], imported) {
				t.Errorf("%s imports %s: %s knows nothing of %s", name, imported, room, other)
			}
		}
	}
	if seen != len(layer) {
		t.Errorf("%d packages with a layer, %d of them there are", len(layer), seen)
	}
}
