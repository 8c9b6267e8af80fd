package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// plans are that of the study that STUDY names and that of auc, whose variables have names of their own.
func plans(v *variables) (chosen *plan, all []*plan) {
	out, name := v.text("OUT", "out"), v.text("STUDY", "few")
	const signs = " \t\n$#%:;|=&<>()[]{}*?!'\"`\\"
	if out == "" || strings.ContainsAny(out, signs) {
		v.fail("OUT='%s' must be a folder without spaces and without %s in its name", out, strings.TrimSpace(signs))
	}
	var known []string
	for _, s := range studies {
		known = append(known, s.name)
		if s.name != name && s.name != ranks.name {
			continue
		}
		p := newPlan(s, v, out)
		all = append(all, p)
		if s.name == name {
			chosen = p
		}
	}
	if chosen == nil {
		v.fail("STUDY=%s is none of %s", name, strings.Join(known, ", "))
	}
	return chosen, all
}

// rules returns a makefile.
func rules() (string, error) {
	v := &variables{}
	jobs := v.count("JOBS", runtime.NumCPU())
	for _, name := range strings.Fields(v.text("JOIN", "")) {
		if _, err := os.Stat(name); err != nil {
			v.fail("JOIN: there is no %s", name)
		}
	}
	chosen, all := plans(v)
	if v.err != nil {
		return "", v.err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "JOBS := %d\nREPORT := %s\nTUNED := %s\nFILES := %s\n", jobs, chosen.report, chosen.tuned, strings.Join(chosen.files, " "))
	for _, s := range studies {
		if s.described {
			fmt.Fprintf(&b, "DESCRIPTIONS += %s\n", s.name)
		}
	}
	for _, p := range all {
		fmt.Fprintf(&b, "REPORTS += %s %s\nMADE += %s\n", p.report, p.tuned, strings.Join(p.order, " "))
		for _, name := range p.order {
			fmt.Fprintf(&b, "\n%[1]s: CMD = %[2]s\n%[1]s: %[3]s\n", name, strings.ReplaceAll(p.commands[name], "$", "$$"), p.needs(name))
		}
	}
	return b.String(), nil
}

// needs are the files and programs that a command names.
func (p *plan) needs(name string) string {
	var files, programs []string
	for _, word := range strings.Fields(p.commands[name]) {
		switch {
		case strings.HasPrefix(word, "bin/"):
			programs = append(programs, word)
		case p.commands[word] != "" && word != name:
			files = append(files, word)
		}
	}
	return strings.Join(files, " ") + " | " + strings.Join(programs, " ")
}

// printRules writes the rules to a file in a folder and prints its name, which is made of what is in the file: a make that
// runs at the same time may have other rules.
func printRules(folder string) error {
	text, err := rules()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	name := filepath.Join(folder, fmt.Sprintf("%.8x.mk", sha256.Sum256([]byte(text))))
	part := fmt.Sprintf("%s.%d", name, os.Getpid())
	if err := errors.Join(os.WriteFile(part, []byte(text), 0o666), os.Rename(part, name)); err != nil {
		return err
	}
	fmt.Println(name)
	return nil
}
