package contract

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"backdrop/internal/testkit/golden"
)

// make install puts the tools, their manual pages and their completions where man and the shells look for them.
func TestInstall(t *testing.T) {
	golden.Programs(t, "make", "man", "bash", "zsh", "fish")
	dest := t.TempDir()
	install := exec.Command("make", "-C", "../../..", "install", "DESTDIR="+dest, "PREFIX=/usr")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	share := filepath.Join(dest, "usr", "share")
	for _, tool := range []string{"gpgen", "bdtrain", "bdeval", "maskviz"} {
		if info, err := os.Stat(filepath.Join(dest, "usr", "bin", tool)); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s cannot be run: %v", tool, err)
		}
		must(t, share, "man -M man "+tool+" > page && grep -q "+tool+" page && test -s zsh/site-functions/_"+tool)
	}
	for script, want := range map[string]string{
		`bash -c '. bash-completion/completions/bdtrain; COMP_WORDS=(bdtrain --lo); COMP_CWORD=1; _bdtrain; echo ${COMPREPLY[@]}'`:             "--loss --log",
		`bash -c '. bash-completion/completions/gpgen; COMP_WORDS=(gpgen check --kernel matern1); COMP_CWORD=3; _gpgen; echo ${COMPREPLY[@]}'`: "matern12",
		`fish -c 'source fish/vendor_completions.d/bdtrain.fish; complete -C "bdtrain --no-m"' | cut -f 1`:                                     "--no-masks",
		`fish -c 'source fish/vendor_completions.d/gpgen.fish; complete -C "gpgen --dtype f"' | cut -f 1 | xargs`:                              "f2 f4 f8",
		`zsh -fc 'fpath=(zsh/site-functions $fpath); autoload -Uz compinit && compinit -u -d dump && echo $_comps[maskviz]'`:                   "_maskviz",
	} {
		if code, out, stderr := shell(t, share, script); code != 0 || strings.TrimSpace(out) != want {
			t.Errorf("%s: code %d, %q, want %q\n%s", script, code, out, want, stderr)
		}
	}
}
