package models

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/decimal"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

// ApplyMasks sets backdrop layers as --mask NAME=P[:AXES] says.
func ApplyMasks(network *net.Network, overrides []string) error {
	for _, o := range overrides {
		name, value, ok := strings.Cut(o, "=")
		p, axes, hasAxes := strings.Cut(value, ":")
		if !ok {
			return tool.Usagef("--mask %q is not of the form NAME=P or NAME=P:AXES, such as fine=0.95:NHW", o)
		}
		i, err := Backdrop(network, name)
		if err != nil {
			return tool.Usagef("--mask %q: %w", o, err)
		}
		l := &network.Layers[i]
		if l.P, err = decimal.Float(p); err != nil || !(l.P >= 0 && l.P <= 1) {
			return tool.Usagef("--mask %q: the probability must lie between 0 and 1, got %q", o, p)
		}
		if hasAxes {
			if l.Axes, err = mask.ParseAxes(axes); err == nil {
				err = network.Input.CheckMaskAxes(l.Axes)
			}
			if err != nil {
				return tool.Usagef("--mask %q: %w", o, err)
			}
		}
	}
	return nil
}

// Backdrop finds a backdrop layer by its name.
func Backdrop(network *net.Network, name string) (layer int, err error) {
	var names []string
	for _, i := range network.Backdrops() {
		if network.Layers[i].Name == name {
			return i, nil
		}
		names = append(names, network.Layers[i].Name)
	}
	if names == nil {
		return 0, errors.New("the network has no backdrop layers")
	}
	return 0, fmt.Errorf("the network has no backdrop layer of that name, only %s", strings.Join(names, ", "))
}

// NoMasks makes every backdrop layer an identity.
func NoMasks(network *net.Network) {
	for _, i := range network.Backdrops() {
		network.Layers[i].P = 0
	}
}

// MasksPerSample reports whether samples of a batch have masks of their own.
func MasksPerSample(network *net.Network) bool {
	return slices.ContainsFunc(network.Backdrops(), func(i int) bool {
		l := network.Layers[i]
		return l.P > 0 && l.Axes&mask.N != 0
	})
}
