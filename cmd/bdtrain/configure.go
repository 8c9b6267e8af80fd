package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
)

// all returns all flags of bdtrain.
func (f *flags) all() []cli.Flag { return slices.Concat(f.list(), f.Flags()) }

// instead are flags of a config that one on the command line takes the place of, besides itself.
var instead = map[string][]string{
	"mask": {"no-masks"}, "no-masks": {"mask"},
	"val": {"val-labels", "val-x", "val-y", "val-fraction", "fold", "groups"}, "val-fraction": {"val", "val-labels", "val-x", "val-y", "fold"}, "fold": {"val", "val-labels", "val-x", "val-y", "val-fraction"},
	"size": {"shape"}, "shape": {"size"}, "init": {"resume"}, "resume": {"init"},
}

// configure is parse with what --config says.
func (f *flags) configure(c *cli.Context) (*config, error) {
	if f.config == "" {
		return f.parse(c)
	}
	if err := tool.Files([]tool.Name{{Flag: "--config", File: f.config}}); err != nil {
		return nil, err
	}
	if err := f.Apply(); err != nil {
		return nil, err
	}
	g, err := f.readGiven(f.config)
	if err != nil {
		return nil, err
	}
	g.giveWay(c)
	p, err := g.parse(c)
	if err != nil {
		return nil, g.blame(c, err)
	}
	return p, g.complete(p)
}

// blame adds to an error of parse which setting it is of: the one without which there is none or, where there are several,
// one that the error names and without which there is another.
func (g *given) blame(c *cli.Context, err error) error {
	without := func(i int) error {
		others := *g
		others.settings = slices.Delete(slices.Clone(g.settings), i, i+1)
		_, err := others.parse(c)
		return err
	}
	for i, s := range g.settings {
		if without(i) == nil {
			return g.at(s, err)
		}
	}
	for i, s := range g.settings {
		if strings.Contains(err.Error(), s.name) && without(i).Error() != err.Error() {
			return g.at(s, err)
		}
	}
	return err
}

// giveWay drops the settings in whose place there are flags on the command line. Of a list, those with the same NAME= are
// dropped.
func (g *given) giveWay(c *cli.Context) {
	for name, others := range instead {
		if c.IsSet(name) && c.Value(name) != false {
			g.drop(func(s setting) bool { return slices.Contains(others, s.name) })
		}
	}
	g.drop(func(s setting) bool {
		if !c.IsSet(s.name) {
			return false
		}
		list, ok := c.Value(s.name).(cli.StringSlice)
		part, _, _ := strings.Cut(s.value, "=")
		return !ok || slices.ContainsFunc(list.Value(), func(v string) bool { return strings.HasPrefix(v, part+"=") })
	})
	if c.IsSet("net") {
		g.own, g.init = nil, false
	}
}

func (g *given) drop(which func(setting) bool) {
	g.settings = slices.DeleteFunc(g.settings, which)
}

// parse makes a configuration of the settings and of the flags on the command line.
func (g *given) parse(c *cli.Context) (*config, error) {
	f := defaults()
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	var args []string
	for _, s := range g.settings {
		args = append(args, "--"+s.name+"="+s.value)
	}
	for _, known := range f.all() {
		if err := known.Apply(set); err != nil {
			return nil, err
		}
		name := known.Names()[0]
		switch list, ok := c.Value(name).(cli.StringSlice); {
		case !c.IsSet(name):
		case ok:
			for _, v := range list.Value() {
				args = append(args, "--"+name+"="+v)
			}
		default:
			args = append(args, fmt.Sprintf("--%s=%v", name, c.Value(name)))
		}
	}
	if err := set.Parse(append(append(args, "--"), c.Args().Slice()...)); err != nil {
		return nil, tool.Usage(err)
	}
	p, err := f.parse(cli.NewContext(c.App, set, nil))
	if err != nil {
		return nil, err
	}
	p.given, p.own = g, g.own
	return p, nil
}

// complete refuses the settings of a model that lack what is in no model, and without which they mean something else.
func (g *given) complete(p *config) error {
	switch {
	case g.groups && p.splits() && p.groups == "":
		return tool.Usagef("%s: it was trained with --groups, which the settings do not hold; name the file with --groups", g.from)
	case g.init && p.init == "":
		return tool.Usagef("%s: it began with the weights of another model, which the settings do not hold; name it with --init, or the network with --net", g.from)
	}
	return nil
}
