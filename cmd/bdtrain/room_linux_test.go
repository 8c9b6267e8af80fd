package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"backdrop/cmd/internal/tooltest"
	"backdrop/internal/testkit/hostile"
)

// Where samples do not fit on the disk of temporary files, that is said before any is written, by a dry run as well.
func TestRoomOnDisk(t *testing.T) {
	disk, dir := tooltest.SmallDisk(t, 8<<20), t.TempDir()
	for _, class := range []string{"a", "b"} {
		if err := os.Mkdir(filepath.Join(dir, class), 0o777); err != nil {
			t.Fatal(err)
		}
		for i := range 15 {
			name := filepath.Join(dir, class, string(rune('a'+i))+".png")
			if err := os.WriteFile(name, hostile.PNG(2, 1, 8, 0, "\x00"+class+string(rune('a'+i))), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, more := range [][]string{nil, {"--dry-run"}} {
		cmd := exec.Command("bdtrain", append([]string{dir, "--resize", "512", "--memory", "64M", "-o", filepath.Join(dir, "m.tar"), "--quiet"}, more...)...)
		cmd.Env = append(os.Environ(), "TMPDIR="+disk)
		out, err := cmd.CombinedOutput()
		want := `^bdtrain: reading \S+: keeping 30 samples resized to 512 takes 30\.0 MiB, of which 12\.0 MiB go to a temporary file in \S+, where 8\.0 MiB are free; try a smaller --resize, or point TMPDIR to more room\n$`
		if err == nil || !regexp.MustCompile(want).Match(out) {
			t.Errorf("%v: %v, %s", more, err, out)
		}
	}
}
