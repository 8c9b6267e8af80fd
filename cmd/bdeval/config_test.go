package main

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/model"
	"backdrop/formats/npy"
)

// A run does not change its configuration: not by the positive class of the model either, which it takes.
func TestConfigStays(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, write func(io.Writer) error) string {
		name = filepath.Join(dir, name)
		f, err := os.Create(name)
		if err == nil {
			err = write(f)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	m := &model.Model{
		Network: "input c=1 h=1 w=2\nflatten\nlinear out=1\n", Classes: []string{"a", "b", "c"}, Positive: "c", Mean: []float32{1}, Std: []float32{2},
		Params: []model.Param{{Name: "1.weight", Shape: []int{1, 2}, Data: []float32{1, 0}}, {Name: "1.bias", Shape: []int{1}, Data: []float32{0}}},
	}
	x := write("x.npy", func(w io.Writer) error { return npy.WriteFloat32(w, []int{4, 1, 2}, []float32{1, 2, 3, 4, 5, 6, 7, 8}) })
	y := write("y.npy", func(w io.Writer) error { return npy.WriteInt64(w, []int{4}, []int64{0, 1, 2, 2}) })
	f := defaults()
	var before, after *config
	app := &cli.App{Flags: slices.Concat(f.list(), f.Flags()), Action: func(c *cli.Context) (err error) {
		if after, err = f.parse(c); err != nil {
			return err
		}
		copied := *after
		before = &copied
		return evaluate(tool.Stdio{Err: os.Stderr}, after)
	}}
	args := []string{"bdeval", "-m", write("m.tar.zst", m.Write), "--labels", y, "-o", filepath.Join(dir, "report"), x}
	if err := app.RunContext(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(after, before) || after.positive != "" {
		t.Errorf("the configuration was %+v, and is %+v", before, after)
	}
}
