package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/lib/net"
)

// A run does not change its configuration: not by the seed of the model either, which it takes.
func TestConfigStays(t *testing.T) {
	dir := t.TempDir()
	n := network(t, "input c=1 h=8 w=8\nconv out=2 kernel=2 stride=2\nbackdrop name=fine p=0.5 axes=NHW\ngap\nlinear out=2\n")
	w, err := net.NewWeights(n)
	if err != nil {
		t.Fatal(err)
	}
	m := &model.Model{
		Network: n.String(), Classes: []string{"a", "b"}, Mean: []float32{0}, Std: []float32{1}, Params: models.Params(w),
		Training: []byte(`{"settings":{"seed":42,"batch":3},"last":{"samples":7}}`),
	}
	file := filepath.Join(dir, "m.tar.zst")
	if err := (tool.Stdio{}).WriteFile(file, tool.Binary, m.Write); err != nil {
		t.Fatal(err)
	}
	f := defaults()
	var before, after *config
	app := &cli.App{Flags: slices.Concat(f.list(), f.Flags()), Action: func(c *cli.Context) (err error) {
		if after, err = f.parse(c); err != nil {
			return err
		}
		copied := *after
		before = &copied
		return execute(t.Context(), tool.Stdio{Err: os.Stderr}, after)
	}}
	if err := app.RunContext(t.Context(), []string{"maskviz", "-m", file, "--mode", "gradient", "--steps", "0..2", "-o", filepath.Join(dir, "a.png")}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(after, before) || after.seed != 1 || after.last != 2 {
		t.Errorf("the configuration was %+v, and is %+v", before, after)
	}
}
