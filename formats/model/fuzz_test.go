package model

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"backdrop/formats/stream"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/hostile"
)

var fuzzLimits = stream.Limits{Member: 1 << 18, Window: 1 << 18}

// FuzzRead: what is read can be written, unless a name is too long for ustar, and reads the same.
func FuzzRead(f *testing.F) {
	golden.Seeds(f, "testdata/seeds/*")
	hostile.Seed(f, hostile.Streams())
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, hostile.RepairTar(data)} {
			var m *Model
			var err error
			// Compressed arrays cost up to the limit, and twice that if they are not float32.
			frames := int64(bytes.Count(data, []byte("\x28\xb5\x2f\xfd")))
			hostile.Cheap(t, cost(len(data))+frames*(64<<20), func() { m, err = Read(bytes.NewReader(data), fuzzLimits) })
			if err != nil {
				hostile.OneLine(t, err)
				continue
			}
			survives(t, m)
		}
	})
}

// cost bounds the bytes that a model that is not compressed allocates.
func cost(size int) int64 { return 2<<20 + 100*int64(size) }

// survives fails the test unless a model that was read comes back when it is written and read.
func survives(t *testing.T, m *Model) {
	t.Helper()
	var first bytes.Buffer
	if err := m.Write(&first); err != nil {
		name := strings.Contains(err.Error(), "archive/tar: cannot encode header: Format specifies USTAR; and USTAR cannot encode Name=") ||
			strings.Contains(err.Error(), "name should be written")
		if !name && !strings.HasSuffix(err.Error(), "bytes, the limit is 1048576") { // JSON is longer when it is indented
			t.Fatalf("read, and not written: %v", err)
		}
		return
	}
	again, err := Read(bytes.NewReader(first.Bytes()), fuzzLimits)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Classes) == 0 {
		m.Classes = nil
	}
	if !reflect.DeepEqual(m, again) || !bytes.Equal(first.Bytes(), encode(t, again)) {
		t.Fatalf("%+v came back as %+v", m, again)
	}
}

// FuzzMeta changes model.json only.
func FuzzMeta(f *testing.F) {
	for _, m := range []*Model{testModel(), testCheckpoint()} {
		text, err := m.encodeMeta()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, s := range []string{`{}`, `null`, `{"network":"gap","std":1e39}`, `{"network":"gap","std":NaN}`, `{"network":"gap","std":1,"STD":2}`, `{"network":"gap","std":1,"mean":-1e38}`,
		`{"network":"gap","std":1e-46}`, `{"network":"gap","std":1,"version":"99.1"}`, `{"network":"gap","std":1,"training":{"a":1,"a":2}}`, `{"network":"\u0000","std":1,"progress":[` + strings.Repeat("[", 20000)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		data := hostile.Archive(hostile.Entry{Name: metaName, Data: string(text)})
		var m *Model
		var err error
		hostile.Cheap(t, 2<<20+100*int64(len(text)), func() { m, err = Read(bytes.NewReader(data), stream.Limits{}) })
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		survives(t, m)
	})
}
