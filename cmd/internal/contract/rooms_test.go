package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What is for tests only is in no tool.
func TestTestKitsStayOutside(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "../../gpgen", "../../bdtrain", "../../bdeval", "../../maskviz").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if name == "testing" || strings.HasPrefix(name, "backdrop/internal/testkit") {
			t.Errorf("a tool imports %s", name)
		}
	}
}

// The packages under formats do not know the flags of the tools: an error says what is wrong, and a tool adds the flag to
// try. (They may name flags of other programs, such as tar's.)
func TestFormatsNameNoFlags(t *testing.T) {
	flags := map[string]bool{}
	word := regexp.MustCompile(`--[a-z][a-z-]+`)
	for _, tool := range []string{"gpgen", "gpgen check", "gpgen patches", "bdtrain", "bdtrain plot", "bdeval", "maskviz"} {
		_, help, _ := shell(t, ".", tool+" --help")
		for _, flag := range word.FindAllString(help, -1) {
			flags[flag] = true
		}
	}
	if !flags["--memory"] || !flags["--labels"] || !flags["--val-labels"] {
		t.Fatalf("these are not the flags of the tools: %v", flags)
	}
	literals := 0
	err := filepath.WalkDir("../../../formats", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				literals++
				text, _ := strconv.Unquote(lit.Value)
				for _, flag := range word.FindAllString(text, -1) {
					if flags[flag] {
						t.Errorf("%s names %s: %q", name, flag, text)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil || literals < 100 {
		t.Errorf("%d texts were looked at, %v", literals, err)
	}
}
