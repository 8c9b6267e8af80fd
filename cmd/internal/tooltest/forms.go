package tooltest

import (
	"archive/tar"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"backdrop/internal/testkit/forms"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// inPlace is the environment variable that makes samples of any size ones that stay in their file.
const inPlace = "BACKDROP_TEST_IN_PLACE"

// InPlace does what scripts ask for with the variable: TestMain calls it before the tool.
func InPlace() {
	if os.Getenv(inPlace) != "" {
		pixels.Small = 0
	}
}

// allForms is the command forms N C,H,W TOOL ARG…, which runs a tool on N samples, all of which stay in their file: arrays and tars of all types and orders of
// bytes, elements and axes. Its output must be that for samples in memory. DATA among the arguments is the samples, with flags.
func allForms(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: forms N C,H,W TOOL ARG…")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var shape []int
	for text := range strings.SplitSeq(args[1], ",") {
		size, err := strconv.Atoi(text)
		ts.Check(err)
		shape = append(shape, size)
	}
	size := dims.Count(shape)
	x, labels := make([]float32, n*size), make([]float32, n)
	for i := range n {
		labels[i] = float32(i % 2)
		for j := range size {
			x[i*size+j] = float32((j*j*7+i*31+j/5)%(90+10*(i%2))) + labels[i]*float32(j%7)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("forms-y.npy"), forms.NPY("<i8", false, []int{n}, labels), 0o666))

	run := func(name string, content []byte, flags ...string) string {
		ts.Check(os.WriteFile(ts.MkAbs(name), content, 0o666))
		at := slices.Index(args, "DATA")
		ts.Check(ts.Exec(args[2], slices.Concat(args[3:at], []string{name}, flags, args[at+1:])...))
		return ts.ReadFile("stdout")
	}
	members := func(descr string, fortran, last bool) []byte {
		var all []string
		for i := range n {
			of, values := shape, x[i*size:][:size]
			if last {
				of, values = forms.Moved(of, values)
			}
			key := fmt.Sprintf("%06d", i)
			all = append(all, key+".cls", fmt.Sprint(labels[i]), key+".npy", string(forms.NPY(descr, fortran, of, values)))
		}
		content, err := forms.Tar(tar.FormatPAX, all...)
		ts.Check(err)
		return content
	}
	want := run("forms.tar", members("<f4", false, false))
	ts.Setenv(inPlace, "1")
	for _, descr := range forms.DTypes {
		if strings.Contains("<f2 >f2 <f4 >f4 <f8 >f8 |u1 <u2 >u2 <i2 >i2", descr) {
			for form := range 4 {
				fortran, last := form&1 != 0, form&2 != 0
				of, all, axes := shape, x, []string(nil)
				if last {
					axes, all = []string{"--axes", "NHWC"}, nil
					for sample := range slices.Chunk(x, size) {
						moved, values := forms.Moved(shape, sample)
						of, all = moved, append(all, values...)
					}
				}
				of = append([]int{n}, of...)
				for kind, got := range map[string]string{
					"array": run("forms.npy", forms.NPY(descr, fortran, of, all), append([]string{"--labels", "forms-y.npy"}, axes...)...),
					"tar":   run("forms.tar", members(descr, fortran, last), axes...),
				} {
					if got != want {
						ts.Fatalf("%s of %s, Fortran order %v, channels last %v: other output than for samples in memory", kind, descr, fortran, last)
					}
				}
			}
		}
	}
	ts.Setenv(inPlace, "")
}
