package stream

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/hostile"
)

// FuzzDataset: dataset.json can be written and read again, and agrees with a copy of itself.
func FuzzDataset(f *testing.F) {
	d, _ := testSamples(f)
	text, err := d.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, s := range []string{`{}`, `null`, `[]`, `{"classes":["a","b"],"CLASSES":["b","a"]}`, `{"tool":1e999}`, `{"extra":{"a":1,"a":2}}`,
		`{"extra":` + strings.Repeat("[", 20000), `{"clasſes":["a"],"classes":[]}`, "{\"classes\":[\"\xff\"]}", `{"extra":[1E+2, "\u2028<"]}`, `{"command":[null]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var d, again Metadata
		var err error
		hostile.Cheap(t, textCost(text), func() { err = d.add(text, true) })
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		written, err := d.encode()
		if err == nil {
			err = again.add(written, true)
		}
		if err != nil || !sameDataset(d, again) {
			t.Fatalf("%+v came back as %+v, %v", d, again, err)
		}
		if err := again.add(text, false); err != nil {
			t.Fatalf("not the same as itself: %v", err)
		}
	})
}

// textCost bounds the bytes that reading JSON allocates.
func textCost(text []byte) int64 { return 1<<20 + 80*int64(len(text)) }

// FuzzLabel: the label and the JSON of a sample can be written and read again.
func FuzzLabel(f *testing.F) {
	for _, s := range []string{"0", "-1", " 7\n", "+1", "0x10", "1_0", "9223372036854775808", "spiral galaxy", "", "\x00", "a\nb", "é", "\xff", strings.Repeat("9", 4097)} {
		f.Add([]byte(s), []byte(`{"seed": 1}`))
	}
	f.Add([]byte("0"), []byte(""))
	x := hostile.Entry{Name: "0.x.npy", Data: hostile.NPY("'<f4'", "(1,)", "\x00\x00\x80\x3f")}
	f.Fuzz(func(t *testing.T, label, info []byte) {
		data := hostile.Archive(x, hostile.Entry{Name: "0.cls", Data: string(label)}, hostile.Entry{Name: "0.json", Data: string(info)})
		_, samples, err := readSamples(bytes.NewReader(data), fuzzLimits)
		if err != nil {
			hostile.OneLine(t, err)
			return
		}
		_, again, err := readSamples(bytes.NewReader(writeSamples(t, None, npy.Float32, Metadata{}, samples)), fuzzLimits)
		if err != nil || !reflect.DeepEqual(again, samples) {
			t.Fatalf("%+v came back as %+v, %v", samples[0], again, err)
		}
		if string(samples[0].Info) != string(info) || samples[0].HasLabel || samples[0].LabelText != strings.TrimSpace(string(label)) || samples[0].LabelText == "" {
			t.Fatalf("label %q and %q are read as %+v", label, info, samples[0])
		}
	})
}
