package model

import (
	"bytes"
	"testing"

	"backdrop/formats/golden"
	"backdrop/formats/stream"
)

// What is read can be written, unless ustar has no room for a name, and reads as the same.
func FuzzRead(f *testing.F) {
	golden.Seeds(f, "testdata/seeds/*")
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := stream.Limits{Member: 1 << 18, Window: 1 << 18}
		m, err := Read(bytes.NewReader(data), limits)
		if err != nil {
			return
		}
		var first bytes.Buffer
		if m.Write(&first) != nil {
			return
		}
		again, err := Read(bytes.NewReader(first.Bytes()), limits)
		if err != nil {
			t.Fatal(err)
		}
		if second := encode(t, again); !bytes.Equal(first.Bytes(), second) {
			t.Fatalf("%+v came back as %+v", m, again)
		}
	})
}
