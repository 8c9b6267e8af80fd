package golden

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Python returns the name of a Python that has these modules: the one that BACKDROP_PYTHON names, else /usr/bin/python3 or
// the first python3 on the PATH. If it lacks a module the test is skipped, or fails if BACKDROP_REQUIRE is set.
func Python(t testing.TB, modules ...string) string {
	t.Helper()
	candidates := []string{"/usr/bin/python3", "python3"}
	if name := os.Getenv("BACKDROP_PYTHON"); name != "" {
		candidates = []string{name}
	}
	for _, name := range candidates {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if exec.Command(path, "-c", "import "+strings.Join(append(modules, "sys"), ",")).Run() == nil {
			return path
		}
	}
	lack(t, fmt.Sprintf("a Python with %s; BACKDROP_PYTHON can name one", strings.Join(modules, " and ")))
	return ""
}

// Programs makes sure that programs are on the PATH. Otherwise the test is skipped, or fails if BACKDROP_REQUIRE is set.
func Programs(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			lack(t, name)
		}
	}
}

// Node lets Node.js find a module that make onnxruntime has put into out/peers. Without both the test is skipped, or fails if
// BACKDROP_REQUIRE is set.
func Node(t testing.TB, module string) {
	t.Helper()
	Programs(t, "node")
	t.Setenv("NODE_PATH", filepath.Join(moduleRoot(t), "out", "peers", "node_modules"))
	if exec.Command("node", "-e", "require('"+module+"')").Run() != nil {
		lack(t, module+"; make onnxruntime installs it")
	}
}

// Run runs a program in the folder dir and returns its output. If the program fails the test does.
func Run(t testing.TB, dir string, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, bytes.NewReader(stdin), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %.200q: %v\n%s", name, args, err, &stderr)
	}
	return out
}

// NumPy runs a Python program that uses NumPy in the folder dir and returns its output.
func NumPy(t testing.TB, dir string, stdin []byte, program string) []byte {
	t.Helper()
	return Run(t, dir, stdin, Python(t, "numpy"), "-c", program)
}

// lack skips a test that needs something, or fails it.
func lack(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("BACKDROP_REQUIRE") != "" {
		t.Fatalf("this test needs %s", what)
	}
	t.Skipf("this test needs %s", what)
}
