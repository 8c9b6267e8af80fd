package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/lib/run"
)

// A wall clock that runs back two thousand times as fast as time goes on changes nothing: not the results, and no epoch
// takes less than no time. It is in a bdtrain that is built with another time.Now.
func TestWallClockRunsBack(t *testing.T) {
	first := newTrial(t, "--epochs", "100")
	first.finish()
	want := first.results()

	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(strings.TrimSpace(string(root)), "src/time/time.go")
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	const now = "sec, nsec, mono := runtimeNow()\n\tif mono == 0 {\n\t\treturn Time{uint64(nsec), sec + unixToInternal, Local}"
	if bytes.Count(text, []byte(now)) != 1 {
		t.Fatalf("%s is not as this test knows it", source)
	}
	text = bytes.Replace(text, []byte(now), []byte(strings.Replace(now, "\n", "\n\tsec -= mono / 500_000\n", 1)), 1)
	dir := t.TempDir()
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {source: dir + "/time.go"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"time.go": text, "overlay.json": overlay} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("go", "build", "-overlay", dir+"/overlay.json", "-o", dir+"/bdtrain", ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	other := newTrial(t, "--epochs", "100")
	other.finish()
	other.compare(want)
	for line := range bytes.Lines(other.read("log.jsonl")) {
		var r run.Record
		if err := json.Unmarshal(line, &r); err != nil || !(r.Seconds > 0 && r.Seconds < 60) {
			t.Errorf("%v, an epoch of %v s", err, r.Seconds)
		}
	}
}
