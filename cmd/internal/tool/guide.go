package tool

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// A Guide is what --help, the manual page and completions know of a tool besides its flags.
type Guide struct {
	Groups []Group             // of the flags, each of which is in one
	Values map[string][]string // what a flag may be, where there are few choices
	Topics []Topic             // of the command help
}

// A Group is flags that belong together.
type Group struct {
	Name  string
	Often []Line // those that --help shows, the most used first
	Rest  string // the names of those that only --help-all shows, separated by spaces
}

// A Line is the name of a flag and, in a few words, what it is for.
type Line [2]string

// Names are those of all flags of the group.
func (g Group) Names() []string {
	var names []string
	for _, line := range g.Often {
		names = append(names, line[0])
	}
	return append(names, strings.Fields(g.Rest)...)
}

// A Topic is a text of the command help.
type Topic struct {
	Name, About string
	Write       func(w io.Writer) error
}

// guideKey is where the Guide is in the metadata of a cli.App.
const guideKey = "guide"

// Metadata returns the guide as the metadata of a cli.App.
func (g Guide) Metadata() map[string]any { return map[string]any{guideKey: g} }

// GuideOf returns the guide of a tool. A tool without groups has one with all of its flags.
func GuideOf(app *cli.App) Guide {
	g, _ := app.Metadata[guideKey].(Guide)
	if len(g.Groups) == 0 {
		all := Group{Name: "Flags"}
		for _, f := range app.Flags {
			if !slices.Contains(strings.Fields(helpNames), f.Names()[0]) {
				all.Rest += " " + f.Names()[0]
			}
		}
		g.Groups = []Group{all}
	}
	g.Groups = append(slices.Clip(g.Groups), Group{Name: "Help", Rest: helpNames})
	return g
}

// flagText is what is said of a flag.
type flagText struct {
	names       []string
	placeholder string // of its value; "" if it takes none
	usage       string
	about       string // in a few words
	standard    string // the value without the flag; "" if that goes without saying
	values      []string
}

// flagTexts returns the texts of all flags of a tool.
func flagTexts(app *cli.App) map[string]flagText {
	texts, g := map[string]flagText{}, GuideOf(app)
	for _, f := range app.Flags {
		d := f.(cli.DocGenerationFlag)
		t := flagText{names: f.Names(), standard: d.GetDefaultText(), values: g.Values[f.Names()[0]]}
		t.placeholder, t.usage = placeholder(d.GetUsage())
		switch {
		case !d.TakesValue():
			t.placeholder, t.standard = "", ""
		case t.placeholder == "":
			t.placeholder = "VALUE"
		}
		if slices.Contains([]string{"0", `""`}, t.standard) {
			t.standard = ""
		}
		t.standard = strings.Trim(t.standard, `"`)
		t.about = t.brief()
		texts[t.names[0]] = t
	}
	for _, group := range g.Groups {
		for _, line := range group.Often {
			t := texts[line[0]]
			t.about = line[1]
			texts[line[0]] = t
		}
	}
	return texts
}

// placeholder returns the word in backquotes of a flag's usage, which stands for its value, and the usage without the quotes.
func placeholder(usage string) (word, text string) {
	before, rest, ok := strings.Cut(usage, "`")
	if !ok {
		return "", usage
	}
	word, after, _ := strings.Cut(rest, "`")
	return word, before + word + after
}

// heads are the names of a flag as they are typed.
func (t flagText) heads() []string {
	var all []string
	for _, name := range t.names {
		all = append(all, dashed(name))
	}
	return all
}

// head is the names of the flag and its placeholder.
func (t flagText) head() string {
	head := strings.Join(t.heads(), ", ")
	if t.placeholder != "" {
		head += " " + t.placeholder
	}
	return head
}

// brief is the usage up to where it goes into detail.
func (t flagText) brief() string {
	text := strings.TrimSuffix(strings.TrimSuffix(t.usage, " ("+t.placeholder+")"), ", "+t.placeholder)
	for _, end := range []string{": ", "; ", " (", ", such as ", ", e.g. "} {
		text, _, _ = strings.Cut(text, end)
	}
	return strings.TrimPrefix(text, t.placeholder+" ")
}

// full is the usage with the default.
func (t flagText) full() string {
	if t.standard == "" {
		return t.usage
	}
	return t.usage + " (default: " + t.standard + ")"
}

// isFile reports whether the value may be the name of a file.
func (t flagText) isFile() bool { return strings.HasPrefix(t.placeholder, "FILE") }
