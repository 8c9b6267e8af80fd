package contract

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The tools have no way to reach a network or to run another program: neither they nor a library of theirs imports what
// that takes, and there is no C in them. (net/netip and net/url read addresses and reach nothing.)
func TestImports(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "../../gpgen", "../../bdtrain", "../../bdeval", "../../maskviz")
	list.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	imports := strings.Fields(string(out))
	for _, name := range []string{"net", "net/http", "crypto/tls", "os/exec", "plugin", "runtime/cgo", "golang.org/x/net"} {
		if slices.Contains(imports, name) {
			t.Errorf("%s is among the imports", name)
		}
	}
	if !slices.Contains(imports, "backdrop/cmd/bdtrain") {
		t.Errorf("these are not the tools: %q", imports)
	}
}
