package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/sniff"
	"backdrop/lib/net"
	"backdrop/lib/run"
)

// given is flags that do not stand on the command line: the lines of a config, or the settings of a model.
type given struct {
	from     string // "reading FILE"
	settings []setting
	own      *ownNetwork // of a model whose network is no preset
	groups   bool        // of a model whose samples were split in groups
	init     bool        // of a model that began with another one's weights
}

// A setting is a flag with its value, as it stands in a config.
type setting struct {
	name, value string // the first name of the flag, without dashes
	line        int    // 0: it is one of a model
	word        bool   // the value is a name
}

// ownNetwork is the network of a model.
type ownNetwork struct {
	net  *net.Network
	file string // that it was read from; "" if it was that of another model
}

// maxConfig bounds a config, in bytes.
const maxConfig = 1 << 20

// notGiven are flags that have no place in a config.
var notGiven = []string{"config", "print-config", "help", "help-all", "version"}

// readGiven reads what --config names.
func (f *flags) readGiven(name string) (*given, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, tool.Usagef("reading %s: this is a folder; --config takes a text of flags, or a model", name)
	}
	const block = 512 // of a tar
	in := bufio.NewReader(io.LimitReader(file, maxConfig+1))
	if head, _ := in.Peek(block); sniff.IsZstd(head) || sniff.IsTar(head) {
		if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
			return nil, fmt.Errorf("reading %s: a model as --config is a file, not a pipe", name)
		}
		return f.readModel(name)
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	g := &given{from: "reading " + name}
	switch text = bytes.TrimPrefix(text, []byte("\ufeff")); {
	case len(text) > maxConfig:
		return nil, tool.Usagef("%s: a config has at most %d bytes", g.from, maxConfig)
	case len(bytes.TrimSpace(text)) == 0 && !isDevice(file):
		return nil, tool.Usagef("%s: this is empty (%d bytes), and a config has a flag a line; bdtrain --print-config writes one", g.from, len(text))
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return nil, tool.Usagef("%s: this is neither a config, which is text with a flag a line, nor a model", g.from)
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		s, err := f.parseLine(line)
		if s.line = number; err == nil {
			err = g.add(f, s)
		}
		if err != nil {
			return nil, tool.Usage(g.at(s, err))
		}
	}
	return g, nil
}

// isDevice reports whether a file is a device, such as /dev/null.
func isDevice(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&fs.ModeDevice != 0
}

// parseLine reads NAME VALUE, or NAME of a flag without a value.
func (f *flags) parseLine(line string) (s setting, err error) {
	s.name = line
	if i := strings.IndexAny(line, " \t"); i >= 0 {
		s.name, s.value = line[:i], strings.TrimSpace(line[i:])
	}
	flag := f.find(s.name)
	if flag == nil {
		return s, f.unknown(s.name)
	}
	s.name = flag.Names()[0]
	_, isBool := flag.(*cli.BoolFlag)
	_, s.word = flag.(*cli.StringFlag)
	switch {
	case slices.Contains(notGiven, s.name):
		return s, fmt.Errorf("--%s stands on the command line only", s.name)
	case isBool && s.value != "":
		return s, fmt.Errorf("%s takes no value, got %.40q", s.name, s.value)
	case !isBool && s.value == "":
		return s, fmt.Errorf("%s needs a value: a blank behind the name, and then it", s.name)
	case isBool:
		s.value = "true"
	}
	value, err := tool.Canonical(flag, s.value)
	if err == nil {
		s.value = value
	}
	return s, err
}

// find returns the flag of a name; nil if there is none.
func (f *flags) find(name string) cli.Flag {
	all := f.all()
	if i := slices.IndexFunc(all, func(flag cli.Flag) bool { return slices.Contains(flag.Names(), name) }); i >= 0 {
		return all[i]
	}
	if slices.Contains(notGiven, name) {
		return &cli.StringFlag{Name: name}
	}
	return nil
}

// unknown is the error of a name that no flag has, with the flag that it may mean.
func (f *flags) unknown(name string) error {
	bare, _, _ := strings.Cut(strings.TrimLeft(name, "-"), "=")
	bare = strings.TrimSuffix(strings.ReplaceAll(bare, "_", "-"), ":")
	like := strings.TrimLeft(tool.Nearest(f.all(), bare), "-")
	switch like {
	case "":
		return fmt.Errorf("there is no flag %.40q", name)
	case bare:
		return fmt.Errorf("%.40q is not how a config names a flag: a line is its name without dashes, a blank, and its value, as in epochs 20; this may be %s", name, like)
	}
	return fmt.Errorf("there is no flag %.40q; the nearest is %s", name, like)
}

// add adds a setting, unless there is one of its kind.
func (g *given) add(f *flags, s setting) error {
	if _, list := f.find(s.name).(*cli.StringSliceFlag); list {
		g.settings = append(g.settings, s)
		return nil
	}
	if i := slices.IndexFunc(g.settings, func(o setting) bool { return o.name == s.name }); i >= 0 {
		return fmt.Errorf("%s is in line %d already", s.name, g.settings[i].line)
	}
	g.settings = append(g.settings, s)
	return nil
}

// at adds to an error which setting it is of.
func (g *given) at(s setting, err error) error {
	if s.line == 0 {
		return fmt.Errorf("%s: its %s %.40s: %w", g.from, s.name, s.value, err)
	}
	if strings.Contains(s.value, " #") {
		err = fmt.Errorf("%w; a comment stands on a line of its own", err)
	}
	return fmt.Errorf("%s: line %d: %w", g.from, s.line, err)
}

// locate adds to an error of wrong usage, or of a file that cannot be opened, where the flag or the file that it names stands,
// if that is a setting. Without --config errors stay as they are.
func (g *given) locate(err error) error {
	exit, file := (*tool.ExitError)(nil), (*fs.PathError)(nil)
	usage := errors.As(err, &exit) && exit.Code == tool.CodeUsage
	if g == nil || !usage && !errors.As(err, &file) {
		return err
	}
	text := err.Error()
	for _, s := range g.settings {
		about := []string{"--" + s.name + " " + s.value, "--" + s.name + " " + strconv.Quote(s.value), "--" + s.name + ": "}
		if s.word {
			about = append(about, " "+s.value+": ", " "+strconv.Quote(s.value))
		}
		if slices.ContainsFunc(about, func(part string) bool { return strings.Contains(text, part) }) {
			return g.at(s, err)
		}
	}
	return err
}

// readModel reads the settings of a model. What is data is not among them.
func (f *flags) readModel(name string) (*given, error) {
	m, err := models.Load(name, nil, f.Limits())
	if err != nil {
		return nil, err
	}
	t, err := run.ParseTraining(m.Training)
	if err != nil || t.Settings.Epochs == 0 {
		return nil, fmt.Errorf("reading model %s: it does not say how it was trained", name)
	}
	g := &given{from: "reading model " + name, groups: t.Settings.Groups != "", init: t.Init || t.Settings.Net == ""}
	if !models.IsPreset(t.Settings.Net) {
		g.own = &ownNetwork{net: m.Net, file: t.Settings.Net}
	}
	for _, s := range t.Settings.List() {
		switch s.Name {
		case "attribute", "groups": // digests
			continue
		case "net":
			if g.own != nil {
				continue
			}
		}
		if s.Value != "" {
			g.settings = append(g.settings, setting{name: strings.ReplaceAll(s.Name, "_", "-"), value: s.Value})
		}
	}
	return g, nil
}
