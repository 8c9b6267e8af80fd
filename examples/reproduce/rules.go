package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// chosen returns the study that STUDY names, with what variables change, and the folder OUT.
func chosen() (s study, out string) {
	if out = variable("OUT", "out"); out == "" || strings.ContainsAny(out, signs) {
		wrong("OUT='%s' must be a folder without spaces and without %s in its name", out, strings.TrimSpace(signs))
	}
	name := variable("STUDY", "few")
	var names []string
	for _, s := range studies {
		if s.name == name {
			return s.given(), out
		}
		names = append(names, s.name)
	}
	wrong("STUDY=%s is none of %s", name, strings.Join(names, ", "))
	return
}

// rules returns the rules of the chosen study, and those of auc, whose variables have names of their own.
func rules() string {
	s, out := chosen()
	join := variable("JOIN", "")
	for _, name := range strings.Fields(join) {
		if _, err := os.Stat(name); err != nil {
			wrong("JOIN: there is no %s", name)
		}
	}
	report, tune := s.plans(out, join)
	all := []*plan{report, tune}
	if s.name != ranks.name {
		report, tune := ranks.given().plans(out, "")
		all = append(all, report, tune)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# The rules of %s and %s, written by examples/reproduce.\nJOBS := %d\nREPORT := %s\nTUNED := %s\nFILES := %s\nDESCRIPTIONS :=",
		s.name, ranks.name, count("JOBS", runtime.NumCPU()), report.page, tune.page, strings.Join(report.of, " "))
	for _, s := range studies {
		if s.described {
			b.WriteString(" " + s.name)
		}
	}
	for _, p := range all {
		fmt.Fprintf(&b, "\nREPORTS += %s\n", p.page)
		for _, f := range p.files {
			fmt.Fprintf(&b, "\nMADE += %s\n%[1]s: CMD = %[2]s\n%[1]s: %[3]s\n", f.name, strings.ReplaceAll(f.command, "$", "$$"), p.needs(f))
		}
	}
	return b.String()
}

// needs returns the prerequisites of a file: the files of the plan and the programs that its command names.
func (p *plan) needs(f file) string {
	var files, programs []string
	for _, word := range strings.Fields(f.command) {
		if strings.HasPrefix(word, "bin/") {
			programs = append(programs, word)
		} else if p.made[word] && word != f.name {
			files = append(files, word)
		}
	}
	return strings.Join(files, " ") + " | " + strings.Join(programs, " ")
}

// printRules writes the rules to a file and prints its name, which depends on the rules: another make may run at the same
// time with other variables.
func printRules(folder string) error {
	text := rules()
	name := filepath.Join(folder, fmt.Sprintf("%.8x.mk", sha256.Sum256([]byte(text))))
	part := fmt.Sprintf("%s.%d", name, os.Getpid())
	err := os.MkdirAll(folder, 0o777)
	if err == nil {
		err = os.WriteFile(part, []byte(text), 0o666)
	}
	if err == nil {
		err = os.Rename(part, name)
	}
	if err == nil {
		fmt.Println(name)
	}
	return err
}
