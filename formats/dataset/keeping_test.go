package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
)

// It is asked for room for all samples where their number is known, and for those so far as they grow; the answer ends reading.
func TestRoomIsAskedFor(t *testing.T) {
	const side, n = 1024, 40
	var asked []string
	var refuse bool
	o := Options{NoLabels: true, Resize: dims.Square(side), Memory: 1, Room: func(samples int, bytes float64, all bool) error {
		asked = append(asked, fmt.Sprintf("%d %.0f %v", samples, bytes/(1<<20), all))
		if refuse {
			return errors.New("no room")
		}
		return nil
	}}
	growing := []string{"16 64 false", "32 128 false"}
	for _, c := range []struct {
		what string
		load func() (*Table, error)
		want []string
	}{
		{"a folder", func() (*Table, error) { return Load(greys(t, slices.Repeat([]int{-1}, n)...), nil, o) }, append([]string{"40 160 true"}, growing...)},
		{"an array", func() (*Table, error) {
			return Load(writeFile(t, "x.npy", arrayOf(t, npy.Float32, ramps(n, 2, 3))), nil, o)
		}, append([]string{"40 160 true"}, growing...)},
		{"a stream", func() (*Table, error) {
			return Load("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, ramps(n, 2, 3)...)), o)
		}, growing},
	} {
		for _, refuse = range []bool{false, true} {
			asked = nil
			table, err := c.load()
			want := c.want
			if refuse {
				want = want[:1]
				if err == nil || !strings.HasSuffix(err.Error(), ": no room") {
					t.Errorf("%s: %v", c.what, err)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if table != nil {
				table.Close()
			}
			if !slices.Equal(asked, want) {
				t.Errorf("%s: asked %q, want %q", c.what, asked, want)
			}
		}
	}
}

// The shape that the first sample had before it was resized stays known.
func TestOwnShape(t *testing.T) {
	for _, to := range []dims.Sides{{}, dims.Square(4)} {
		table, err := Load("", bytes.NewReader(streamOf(t, stream.None, stream.Metadata{}, ramps(2, 3, 5, 6)...)), Options{Resize: to})
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		if own := table.Own(); to.None() && own != nil || !to.None() && !slices.Equal(own, []int{3, 5, 6}) {
			t.Errorf("resized to %v: %v", to, own)
		}
	}
}
