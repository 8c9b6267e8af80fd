package stream

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"backdrop/internal/testkit/hostile"
)

// The largest pictures that the limit accepts, of the kinds that take decoders the most memory.
func TestMemoryOfPictures(t *testing.T) {
	const side = 512
	rows := func(w, h, size int) string { return strings.Repeat("\x00"+strings.Repeat("\xff", w*size), h) }
	adam7 := func(size int) (all string) { // ISO/IEC 15948, 8.2: where each pass starts, and its steps
		for _, p := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
			all += rows((side-p[0]+p[2]-1)/p[2], (side-p[1]+p[3]-1)/p[3], size)
		}
		return all
	}
	interlaced := func(data []byte) []byte {
		data[28] = 1 // of the header: interlace method
		return hostile.RepairPNG(data)
	}
	progressive := hostile.JPEG(side, side)
	progressive[bytes.Index(progressive, []byte{0xff, 0xc0})+1] = 0xc2 // SOF2 (ITU T.81, B.2.2)
	progressive[bytes.Index(progressive, []byte{0xff, 0xda})+8] = 0    // the scan holds the first coefficient alone (B.2.3)
	for _, c := range []struct {
		name     string
		data     []byte
		channels int64
		want     string
	}{
		{"grey 16", hostile.PNG(side, side, 16, 0, rows(side, side, 2)), 1, ""},
		{"grey alpha 16", hostile.PNG(side, side, 16, 4, rows(side, side, 4)), 1, ""},
		{"rgba 16", hostile.PNG(side, side, 16, 6, rows(side, side, 8)), 3, ""},
		{"grey alpha 16, interlaced", interlaced(hostile.PNG(side, side, 16, 4, adam7(4))), 1, ""},
		{"rgba 16, interlaced", interlaced(hostile.PNG(side, side, 16, 6, adam7(8))), 3, ""},
		{"progressive JPEG, cut", progressive, 1, "jpeg: invalid JPEG format: missing 0xff00 sequence; save it again as PNG, or as JPEG of 8 bits, grey or RGB"},
	} {
		limit := 4 * c.channels * side * side
		var err error
		cost := hostile.Allocated(func() { _, _, err = decodeImage(c.data, limit, newFloats) })
		t.Logf("%s: %d bytes cost %.2f times the limit", c.name, len(c.data), float64(cost)/float64(limit))
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if most := uint64(1<<20 + pictureCost*limit + 8*int64(len(c.data))); cost > most {
			t.Errorf("%s: %d bytes, want at most %d", c.name, cost, most)
		}
	}
}

// The metadata that take the most memory, of 1 MiB each.
func TestMemoryOfText(t *testing.T) {
	const size = maxText - 100
	var keys, names strings.Builder
	for i := 0; keys.Len() < size; i++ {
		fmt.Fprintf(&keys, `"%x":0,`, i)
	}
	for i := 0; names.Len() < size; i++ {
		fmt.Fprintf(&names, `"%x",`, i)
	}
	for name, text := range map[string]string{
		"lists":    `{"extra":[` + strings.Repeat(`[],`, size/3) + `0]}`,
		"objects":  `{"extra":[` + strings.Repeat(`{"":0},`, size/7) + `0]}`,
		"numbers":  `{"extra":[` + strings.Repeat(`0,`, size/2) + `0]}`,
		"strings":  `{"extra":[` + strings.Repeat(`"",`, size/3) + `0]}`,
		"keys":     `{"extra":{` + keys.String() + `"z":0}}`,
		"top keys": `{` + keys.String() + `"z":0}`,
		"classes":  `{"classes":[` + names.String() + `"z"]}`,
		"command":  `{"command":[` + strings.Repeat(`"",`, size/3) + `"z"]}`,
	} {
		var d Metadata
		var err error
		cost := hostile.Allocated(func() { err = d.add([]byte(text), true) })
		t.Logf("%s: %d bytes cost %.1f times as much, %v", name, len(text), float64(cost)/float64(len(text)), err)
		if err != nil || cost > uint64(textCost([]byte(text))) {
			t.Errorf("%s: %d bytes cost %d, %v", name, len(text), cost, err)
		}
	}
}

// A long stream of arrays and pictures whose values are given back takes no more memory at its end than at its start.
func TestMemoryOfALongStream(t *testing.T) {
	const samples, side = 20000, 32
	picture := string(hostile.PNG(side, side, 8, 0, strings.Repeat("\x00"+strings.Repeat("\x07", side), side)))
	array := hostile.NPY("'<f4'", fmt.Sprintf("(%d, %d)", side, side), strings.Repeat("\x00\x00\x80\x3f", side*side))
	bytesArray := hostile.NPY("'|u1'", fmt.Sprintf("(%d, %d)", side, side), strings.Repeat("\x01", side*side))
	in, out := io.Pipe()
	defer in.Close()
	go func() {
		for i := range samples {
			members := [][]hostile.Entry{
				{{Name: fmt.Sprintf("%d.png", i), Data: picture}, {Name: fmt.Sprintf("%d.json", i), Data: `{"a":1}`}},
				{{Name: fmt.Sprintf("%d.x.npy", i), Data: array}, {Name: fmt.Sprintf("%d.y.npy", i), Data: array}},
				{{Name: fmt.Sprintf("%d.x.npy", i), Data: bytesArray}},
			}[i%3]
			if _, err := out.Write(hostile.Tar(members...)); err != nil {
				return
			}
		}
		out.Write(hostile.TarEnd)
		out.Close()
	}()
	r, err := NewReader(in, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var early uint64
	for n := 0; ; n++ {
		s, err := r.Next()
		if err == io.EOF {
			if n != samples {
				t.Fatalf("%d samples", n)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		r.Reuse(s.X)
		if n == samples/10 {
			early = live()
		}
	}
	if late := live(); late > early+1<<20 {
		t.Errorf("%d bytes are in use after %d samples, %d after a tenth of them", late, samples, early)
	}
	if len(r.m.spare) > 1 {
		t.Errorf("%d pieces of memory wait for samples", len(r.m.spare))
	}
}

// live returns the number of bytes of the heap that are in use.
func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A picture takes the memory that a sample gave back.
func TestPicturesReuseMemory(t *testing.T) {
	picture := string(hostile.PNG(1, 1, 8, 0, "\x00\xff"))
	x := hostile.NPY("'<f4'", "(1, 1)", "\x00\x00\x00\x40")
	data := hostile.Archive(hostile.Entry{Name: "0.npy", Data: x}, hostile.Entry{Name: "1.png", Data: picture}, hostile.Entry{Name: "2.npy", Data: x})
	r, err := NewReader(bytes.NewReader(data), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var first *float32
	for i, want := range []float32{2, 1, 2} {
		s, err := r.Next()
		if err != nil || s.X[0] != want {
			t.Fatalf("sample %d: %v, %v", i, s, err)
		}
		if first == nil {
			first = &s.X[0]
		}
		if &s.X[0] != first {
			t.Errorf("sample %d has other memory", i)
		}
		r.Reuse(s.X)
	}
}

// Writing takes no more than it is said to, of little and of much, and the same bytes come of few goroutines.
func TestMemoryOfWriting(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{1 << 10, 1 << 20, 3 << 20, 24 << 20} {
		data := make([]float32, size/4)
		for i := range data {
			data[i] = float32(r.NormFloat64())
		}
		var sums []uint64
		for _, limit := range []int64{math.MaxInt64, 32 << 20} {
			debug.SetMemoryLimit(limit)
			before := live()
			sum := fnv.New64()
			w, err := NewMemberWriter(sum, Zstd)
			if err == nil {
				err = w.WriteArray("x.npy", []int{len(data)}, slices.Values([][]float32{data}))
			}
			most := writerMemory + WriterMemory(int64(size))
			if took := int64(live() - before); took > most {
				t.Errorf("writing %d bytes takes %d, want at most %d", size, took, most)
			}
			if err := errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			sums = append(sums, sum.Sum64())
		}
		if sums[0] != sums[1] {
			t.Errorf("%d bytes come out otherwise where there is little memory", size)
		}
	}
}
