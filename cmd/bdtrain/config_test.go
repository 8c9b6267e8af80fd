package main

import (
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/lib/rng"
	"backdrop/lib/run"
)

// A run does not change its configuration: not by the network of --init's model, a checkpoint's, or an attribute.
func TestConfigStays(t *testing.T) {
	t.Cleanup(func() { // what training sets for its process
		signal.Reset(syscall.SIGPIPE)
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	})
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	const n = 12
	r := rng.New(1, rng.Field)
	x, attributes, labels := make([]float32, n*8*8), make([]float32, n), make([]int64, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range n {
		labels[i], attributes[i] = int64(i%2), float32(i)
	}
	write := func(name string, write func(*os.File) error) {
		f, err := os.Create(file(name))
		if err == nil {
			err = write(f)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("x.npy", func(f *os.File) error { return npy.WriteFloat32(f, []int{n, 8, 8}, x) })
	write("y.npy", func(f *os.File) error { return npy.WriteInt64(f, []int{n}, labels) })
	write("a.npy", func(f *os.File) error { return npy.WriteFloat32(f, []int{n}, attributes) })
	write("net.txt", func(f *os.File) error {
		_, err := f.WriteString("input c=1 h=8 w=8\nconv out=2 kernel=3\nbackdrop name=fine p=0.5 axes=NHW\ngap\nlinear out=2\n")
		return err
	})
	run := func(args ...string) *config {
		t.Helper()
		f := defaults()
		var before, after *config
		app := &cli.App{Flags: slices.Concat(f.list(), f.Flags()), Action: func(c *cli.Context) (err error) {
			if after, err = f.configure(c); err != nil {
				return err
			}
			copied := *after
			before = &copied
			return execute(c.Context, tool.Stdio{Err: os.Stderr}, after)
		}}
		common := []string{"bdtrain", "--labels", file("y.npy"), "--quiet"}
		if err := app.RunContext(t.Context(), append(append(common, args...), file("x.npy"))); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		if !reflect.DeepEqual(after, before) {
			t.Errorf("%q: the configuration was %+v, and is %+v", args, before, after)
		}
		return after
	}
	c := run("--net", file("net.txt"), "--epochs", "2", "--val-fraction", "0.5", "--penalty", "dcov=1", "--attribute", file("a.npy"), "-o", file("m.tar"))
	if c.Attribute != "" || c.Net != file("net.txt") || c.train.Epochs != 2 {
		t.Errorf("got %+v", c)
	}
	run("--init", file("m.tar"), "--epochs", "1", "--checkpoint", file("ck.tar"), "-o", file("n.tar"))
	run("--init", file("m.tar"), "--epochs", "2", "--normalise", "data", "--checkpoint", file("ck2.tar"), "-o", file("n.tar"))
	c = run("--resume", file("ck2.tar"), "--epochs", "3", "--normalise", "data", "-o", file("n.tar"))
	if c.Net != "pooled" || c.netSet {
		t.Errorf("got %+v", c)
	}
	c = run("--config", file("m.tar"), "--attribute", file("a.npy"), "--epochs", "1", "-o", file("n.tar"))
	if c.ValFraction != 0.5 || c.train.Epochs != 1 || c.netSet || c.own == nil {
		t.Errorf("got %+v", c)
	}
	network := c.own.net.String()
	c = run("--config", file("m.tar"), "--attribute", file("a.npy"), "--mask", "fine=0.9", "-o", file("n.tar"))
	if got := c.own.net.String(); got != network {
		t.Errorf("the network of the model has become %s", got)
	}
}

// Every setting has a flag of its name, which is how --config finds those of a model.
func TestSettingsAreFlags(t *testing.T) {
	settings := reflect.TypeFor[run.Settings]()
	for i := range settings.NumField() {
		name, _, _ := strings.Cut(settings.Field(i).Tag.Get("json"), ",")
		if defaults().find(strings.ReplaceAll(name, "_", "-")) == nil {
			t.Errorf("there is no flag for the setting %s", name)
		}
	}
}
