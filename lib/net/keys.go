package net

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/decimal"
	"backdrop/lib/mask"
)

// A key is one key=value of a layer's line.
type key struct {
	name     string
	read     func(l *Layer, value string, dimensions int) error
	write    func(l Layer, dimensions int) string
	fallback func(l *Layer, dimensions int) // sets the value of a line that does not give it; nil: it must be given
	shown    bool                           // printed even if it is the default
}

var (
	name = word("name", func(l *Layer) *string { return &l.Name })
	from = word("from", func(l *Layer) *string { return &l.From })
	axes = key{
		name: "axes",
		read: func(l *Layer, value string, _ int) (err error) {
			l.Axes, err = mask.ParseAxes(clip(value))
			return err
		},
		write: func(l Layer, _ int) string { return l.Axes.String() },
	}
	groups       = integer("groups", func(l *Layer) *int { return &l.Groups })
	standardised = key{
		name: "ws",
		read: func(l *Layer, value string, _ int) (err error) {
			if l.WS = value == "true"; value != "true" && value != "false" {
				return fmt.Errorf("ws=%q is neither true nor false", clip(value))
			}
			return nil
		},
		write:    func(l Layer, _ int) string { return strconv.FormatBool(l.WS) },
		fallback: func(l *Layer, _ int) { l.WS = false },
	}
	out         = integer("out", func(l *Layer) *int { return &l.Out })
	kernel      = size("kernel", 1, func(l *Layer) *Size { return &l.Kernel })
	pad         = size("pad", 0, func(l *Layer) *Size { return &l.Pad }).or(func(l *Layer, _ int) { l.Pad = Size{} })
	stride      = size("stride", 1, func(l *Layer) *Size { return &l.Stride })
	dilation    = size("dilation", 1, func(l *Layer) *Size { return &l.Dilate }).or(func(l *Layer, _ int) { l.Dilate = Size{1, 1, 1} })
	probability = number("p", func(l *Layer) *float64 { return &l.P })
	slope       = number("slope", func(l *Layer) *float64 { return &l.Slope })
)

// or gives a key a default.
func (k key) or(fallback func(l *Layer, dimensions int)) key {
	k.fallback = fallback
	return k
}

// printed makes a key be printed even if it has its default.
func (k key) printed() key {
	k.shown = true
	return k
}

func word(name string, field func(*Layer) *string) key {
	return key{
		name: name,
		read: func(l *Layer, value string, _ int) error {
			*field(l) = value
			return nil
		},
		write: func(l Layer, _ int) string { return *field(&l) },
	}
}

func integer(name string, field func(*Layer) *int) key {
	return key{
		name: name,
		read: func(l *Layer, value string, _ int) (err error) {
			if *field(l), err = strconv.Atoi(value); err != nil {
				return fmt.Errorf("%s=%q is not a whole number", name, clip(value))
			}
			return nil
		},
		write: func(l Layer, _ int) string { return strconv.Itoa(*field(&l)) },
	}
}

func number(name string, field func(*Layer) *float64) key {
	return key{
		name: name,
		read: func(l *Layer, value string, _ int) (err error) {
			if *field(l), err = decimal.Float(value); err != nil {
				return fmt.Errorf("%s=%q is not a number", name, clip(value))
			}
			return nil
		},
		write: func(l Layer, _ int) string { return strconv.FormatFloat(*field(&l), 'g', -1, 64) },
	}
}

// size is a number for all axes, or one for each; rest is that of axes that there are not.
func size(name string, rest int, field func(*Layer) *Size) key {
	return key{
		name: name,
		read: func(l *Layer, value string, dimensions int) error {
			if err := field(l).parse(value, dimensions, rest); err != nil {
				return fmt.Errorf("%s=%q %w", name, clip(value), err)
			}
			return nil
		},
		write: func(l Layer, dimensions int) string { return field(&l).Text(dimensions) },
	}
}

// isDefault reports whether a layer has a key's default.
func (k key) isDefault(l Layer, dimensions int) bool {
	if k.fallback == nil {
		return false
	}
	d := l
	k.fallback(&d, dimensions)
	return d == l
}

// readKeys reads the words key=value of a line into a layer.
func (l *Layer) readKeys(words []string, keys []key, dimensions int) error {
	values, err := splitKeys(words, keyNames(keys))
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, given := values[k.name]; !given && k.fallback == nil {
			return fmt.Errorf("needs %s=", k.name)
		}
	}
	for _, k := range keys {
		if value, given := values[k.name]; given {
			if err := k.read(l, value, dimensions); err != nil {
				return err
			}
		}
	}
	for _, k := range keys {
		if _, given := values[k.name]; !given {
			k.fallback(l, dimensions)
		}
	}
	return nil
}

func keyNames(keys []key) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

// splitKeys splits the words key=value, whose keys must be among those allowed.
func splitKeys(words, allowed []string) (map[string]string, error) {
	values := map[string]string{}
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok || value == "" {
			return nil, fmt.Errorf("%q is not of the form key=value", clip(w))
		}
		if !slices.Contains(allowed, key) {
			return nil, fmt.Errorf("there is no key %q here, only %s", clip(key), strings.Join(allowed, ", "))
		}
		if _, twice := values[key]; twice {
			return nil, fmt.Errorf("key %s is given twice", key)
		}
		values[key] = value
	}
	return values, nil
}

// clip keeps a word of hostile length from filling the error line.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
