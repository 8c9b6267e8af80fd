package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/internal/testkit/hostile"
)

// greys are pictures of one pixel in a folder, of 16 bits or, where the value is negative, of 8.
func greys(t *testing.T, values ...int) string {
	t.Helper()
	dir := t.TempDir()
	for i, v := range values {
		bits, row := byte(16), "\x00"+string([]byte{byte(v >> 8), byte(v)})
		if v < 0 {
			bits, row = 8, "\x00"+string([]byte{byte(-v)})
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.png", i)), hostile.PNG(1, 1, bits, 0, row), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A line speaks of 16 bits of which few are used, by what the samples stand beside.
func TestDepthIsNoted(t *testing.T) {
	for _, c := range []struct {
		values []int
		reach  float32
		want   string // "": nothing
	}{
		{[]int{4095, 17}, 0, "pictures of 16 bits is 4095 of 65535, as of 12 bits: they reach 0.0625, where those that use all bits reach 1; to put them beside such, multiply their values by 16 beforehand"},
		{[]int{1000, 1023}, 0, "1023 of 65535, as of 10 bits: they reach 0.0156, "},
		{[]int{16383, 0}, 0, "16383 of 65535, as of 14 bits: they reach 0.25, where those that use all bits reach 1; to put them beside such, multiply their values by 4 beforehand"},
		{[]int{16384, 0}, 0, ""},
		{[]int{0, 0}, 0, ""},
		{[]int{65535, 0}, 0, ""},
		{[]int{-255, -3}, 0, ""},
		{[]int{4095, 17}, 0.0625, ""},
		{[]int{4095, 17}, 1, "4095 of 65535"},
		{[]int{4095, 17}, 0.25, "4095 of 65535"},
		{[]int{-255, 4095, 17}, 0.0625, "2 pictures of 16 bits (the first is that of sample 01) is 4095 of 65535, as of 12 bits: they reach 0.0625, where the other pictures (1) reach 1; "},
		{[]int{-255, 4095}, 1, "the picture of 16 bits, that of sample 01, is 4095 of 65535"},
	} {
		var notes []string
		o := Options{Reach: c.reach, NoLabels: true, Note: func(line string) { notes = append(notes, line) }}
		if _, _, err := read(greys(t, c.values...), nil, o); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(notes, "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) || len(notes) > 1 {
			t.Errorf("%v beside %v: %q, want %q", c.values, c.reach, got, c.want)
		}
	}
}
