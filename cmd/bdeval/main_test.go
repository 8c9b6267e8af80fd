package main

import (
	"archive/zip"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/cmd/internal/flagtest"
	"backdrop/cmd/internal/tool"
	"backdrop/cmd/internal/tooltest"
	"backdrop/formats/npy"
)

func TestMain(m *testing.M) {
	tooltest.InPlace()
	testscript.Main(m, map[string]func(){"bdeval": main, "hasty": hasty, "mknpy": mknpy, "mknpz": mknpz, "mkmodel": mkmodel, "mkdata": mkdata, "mkcolumns": mkcolumns})
}

// hasty is bdeval whose progress shows what is over soon.
func hasty() {
	tool.Quick, tool.LineEvery = 0, 100*time.Millisecond
	main()
}

func TestScripts(t *testing.T) {
	asah, err := filepath.Abs("../../lib/metric/testdata/asah.csv")
	if err != nil {
		t.Fatal(err)
	}
	tooltest.Run(t, "testdata", "ASAH="+asah)
}

// mknpy writes an array: mknpy FILE f2|f4|f8|i1|i2|i8|u1 SHAPE [VALUE...], with a shape such as 3,2 and - for standard output. One
// value is that of all elements.
func mknpy() {
	var shape []int
	for _, n := range strings.Split(os.Args[3], ",") {
		shape = append(shape, int(must(strconv.Atoi(n))))
	}
	out := os.Stdout
	if name := os.Args[1]; name != "-" {
		out = must(os.Create(name))
	}
	values := os.Args[4:]
	if len(values) == 1 {
		elements := 1
		for _, n := range shape {
			elements *= n
		}
		values = slices.Repeat(values, elements)
	}
	switch os.Args[2] {
	case "i8":
		data := make([]int64, len(values))
		for i, v := range values {
			data[i] = must(strconv.ParseInt(v, 10, 64))
		}
		check(npy.WriteInt64(out, shape, data))
	case "f4":
		data := make([]float32, len(values))
		for i, v := range values {
			data[i] = float32(must(strconv.ParseFloat(v, 32)))
		}
		check(npy.WriteFloat32(out, shape, data))
	case "f8":
		check(npy.WriteHeader(out, npy.Float64, shape))
		for _, v := range values {
			check(binary.Write(out, binary.LittleEndian, must(strconv.ParseFloat(v, 64))))
		}
	case "f2":
		data := make([]float32, len(values))
		for i, v := range values {
			data[i] = float32(must(strconv.ParseFloat(v, 32)))
		}
		check(npy.WriteAs(out, npy.Float16, shape, data))
	case "i1", "u1", "i2":
		t, _ := npy.ParseDType(os.Args[2])
		check(npy.WriteHeader(out, t, shape))
		for _, v := range values {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], uint64(must(strconv.ParseInt(v, 10, 64))))
			must(out.Write(b[:t.Size()]))
		}
	default:
		check(fmt.Errorf("type %q", os.Args[2]))
	}
	check(out.Close())
}

// mknpz puts files into an archive: mknpz FILE.npz MEMBER.npy...
func mknpz() {
	out := must(os.Create(os.Args[1]))
	archive := zip.NewWriter(out)
	for _, name := range os.Args[2:] {
		w := must(archive.Create(name))
		must(w.Write(must(os.ReadFile(name))))
	}
	check(archive.Close())
	check(out.Close())
}

// mkcolumns writes each column of a table of whole numbers as NAME.npy, the first as int64, others as float32:
// mkcolumns FILE.csv, whose lines that begin with # do not count.
func mkcolumns() {
	r := csv.NewReader(must(os.Open(os.Args[1])))
	r.Comment = '#'
	rows := must(r.ReadAll())
	for c, name := range rows[0] {
		var ints []int64
		var floats []float32
		for _, row := range rows[1:] {
			v := must(strconv.Atoi(row[c]))
			ints, floats = append(ints, int64(v)), append(floats, float32(v))
		}
		out := must(os.Create(name + ".npy"))
		if c == 0 {
			check(npy.WriteInt64(out, []int{len(ints)}, ints))
		} else {
			check(npy.WriteFloat32(out, []int{len(floats)}, floats))
		}
		check(out.Close())
	}
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func TestNumbersAreDecimal(t *testing.T) { flagtest.Numbers(t, newApp) }

func TestHelp(t *testing.T) { flagtest.Help(t, newApp) }
