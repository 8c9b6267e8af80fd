package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/net"
	"backdrop/lib/optim"
	"backdrop/lib/run"
)

// printConfig writes the flags that decide what comes out, as --config takes them.
func printConfig(s tool.Stdio, c *config) error {
	if c.own != nil && c.own.file != "" {
		return tool.Usagef("the network is that of --config %s; write it to a file with --print-net, and name that with --net", c.config)
	}
	settings, err := c.list()
	if err != nil {
		return err
	}
	return s.WriteFile(c.Output, tool.Text, func(w io.Writer) error {
		for _, s := range settings {
			if _, err := fmt.Fprintln(w, strings.TrimSpace(s.Name+" "+s.Value)); err != nil {
				return err
			}
			if s.Name == "net" {
				if _, err := io.WriteString(w, c.presetMasks()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// list is the flags that decide what comes out, with their values, in the order of --help. Of what data add nothing is
// known yet.
func (p *config) list() ([]run.Setting, error) {
	all := p.Settings.List()
	for i := range all {
		all[i].Name = strings.ReplaceAll(all[i].Name, "_", "-")
		if all[i].Name == "no-masks" {
			all[i].Value = ""
		}
	}
	all = slices.DeleteFunc(all, func(s run.Setting) bool {
		return s.Name == "net" && !p.netSet && (p.init != "" || p.resume != "") || s.Name == "momentum" && !hasMomentum(p.Opt)
	})
	for _, s := range []run.Setting{{Name: "x", Value: p.x}, {Name: "y", Value: p.y}, {Name: "val-x", Value: p.valX}, {Name: "val-y", Value: p.valY}, {Name: "labels", Value: p.labels}, {Name: "axes", Value: p.axes}, {Name: "attribute", Value: p.attribute}, {Name: "val", Value: p.val},
		{Name: "val-labels", Value: p.valLabels}, {Name: "groups", Value: p.groups}, {Name: "init", Value: p.init}} {
		if s.Value != "" {
			all = append(all, s)
		}
	}
	place := map[string]int{}
	for i, f := range defaults().list() {
		place[f.Names()[0]] = i
	}
	slices.SortStableFunc(all, func(a, b run.Setting) int { return place[a.Name] - place[b.Name] })
	for _, s := range all {
		if s.Value != strings.TrimSpace(s.Value) || strings.Contains(s.Value, "\n") || !utf8.ValidString(s.Value) {
			return nil, tool.Usagef("--%s %q cannot stand in a config: it begins or ends in a blank, has a line break, or is not UTF-8", s.Name, s.Value)
		}
	}
	return all, nil
}

// hasMomentum reports whether an optimiser takes a momentum.
func hasMomentum(name string) bool {
	return slices.ContainsFunc(withMomentum(), func(m optim.Method) bool { return m.Name == name })
}

// presetMasks is a comment with the masks that a preset has where nothing sets them.
func (p *config) presetMasks() string {
	in := p.input
	if in == (net.Shape{}) {
		in = net.Shape{C: 1, H: 128, W: 128}
	}
	if !models.IsPreset(p.Net) || p.NoMasks {
		return ""
	}
	network, err := net.Preset(p.Net, in, 2)
	if err != nil {
		return ""
	}
	var masks []string
	for _, i := range network.Backdrops() {
		l := network.Layers[i]
		masks = append(masks, fmt.Sprintf("%s=%v:%v", l.Name, l.P, l.Axes))
	}
	kind := []string{"sequences", "images", "volumes"}[in.Dimensions()-1]
	return fmt.Sprintf("# its masks of %s, unless a line says otherwise: %s\n", kind, strings.Join(masks, ", "))
}
