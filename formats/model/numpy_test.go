package model

import (
	"bytes"
	"reflect"
	"testing"

	"backdrop/formats/stream"
	"backdrop/internal/testkit/golden"
)

// NumPy reads a model, doubles every parameter, and writes it.
func TestNumPyReadsAndWritesModels(t *testing.T) {
	m := testModel()
	m.Params[1].Data[1] = 7 // twice the largest float32 would be infinite
	golden.Programs(t, "zstd")
	data := golden.NumPy(t, "", encode(t, m), `
import io, subprocess, sys, tarfile, numpy
plain = subprocess.run(["zstd", "-dc"], stdin=sys.stdin, stdout=subprocess.PIPE, check=True).stdout
source = tarfile.open(fileobj=io.BytesIO(plain))
target = tarfile.open(fileobj=sys.stdout.buffer, mode="w|")
for info in source:
    data = source.extractfile(info).read()
    if info.name.startswith("param/"):
        x = numpy.load(io.BytesIO(data))
        assert x.dtype == numpy.float32, x.dtype
        b = io.BytesIO()
        numpy.save(b, numpy.array(2 * x, order="F"))
        data = b.getvalue()
        info.size = len(data)
    target.addfile(info, io.BytesIO(data))
target.close()
`)
	got, err := Read(bytes.NewReader(data), stream.Limits{})
	for _, p := range m.Params {
		for i := range p.Data {
			p.Data[i] *= 2
		}
	}
	if err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("got %+v, %v; want %+v", got, err, m)
	}
}
