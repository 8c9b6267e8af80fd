package bytesize_test

import (
	"testing"

	"backdrop/lib/bytesize"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]int64{"0": 0, "4096": 4096, "1K": 1024, "512M": 512 << 20, "2GiB": 2 << 30, "1.5gb": 3 << 29} {
		if got, err := bytesize.Parse(s); got != want || err != nil {
			t.Errorf("%s: %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "M", "-1", "1X", "NaN", "1e30", "9999999T"} {
		if got, err := bytesize.Parse(s); err == nil {
			t.Errorf("%q: %d, no error", s, got)
		}
	}
}

func TestFormat(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 3 << 19: "1.5 MiB", 2 << 30: "2.0 GiB", 1 << 50: "1024.0 TiB"} {
		if got := bytesize.Format(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
		if got := bytesize.Format(float64(n)); got != want {
			t.Errorf("%d as a float: %s, want %s", n, got, want)
		}
	}
	if got := bytesize.Format(1e30); got != "909494701772928256.0 TiB" {
		t.Errorf("1e30: %s", got)
	}
}
