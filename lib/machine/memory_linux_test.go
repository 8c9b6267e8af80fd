package machine

import (
	"os"
	"path/filepath"
	"testing"
)

// What a control group has left is its limit, less what it uses but for files.
func TestLeft(t *testing.T) {
	for _, c := range []struct {
		limit string
		want  int64
	}{
		{"1000\n", 1000 - (700 - 300 - 200)},
		{"100\n", 0},
		{"max\n", most},
	} {
		for _, h := range hierarchies {
			dir := t.TempDir()
			for name, text := range map[string]string{h.limit: c.limit, h.used: "700\n", "memory.stat": "anon 150\nfile 550\n" + h.files + "active_file 300\n" + h.files + "inactive_file 200\n"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if got := h.left(dir); got != c.want {
				t.Errorf("%s %q: %d, want %d", h.limit, c.limit, got, c.want)
			}
			if got := h.left(t.TempDir()); got != most {
				t.Errorf("without %s: %d", h.limit, got)
			}
		}
	}
}
