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
	read     func(l *Layer, value string) error
	write    func(l Layer) string
	fallback func(l *Layer) // sets the value of a line that does not give it; nil: it must be given
	shown    bool           // printed even if it is the default
}

var (
	name = word("name", func(l *Layer) *string { return &l.Name })
	from = word("from", func(l *Layer) *string { return &l.From })
	axes = key{
		name: "axes",
		read: func(l *Layer, value string) (err error) {
			l.Axes, err = mask.ParseAxes(clip(value))
			return err
		},
		write: func(l Layer) string { return l.Axes.String() },
	}
	out         = integer("out", func(l *Layer) *int { return &l.Out })
	kernel      = integer("kernel", func(l *Layer) *int { return &l.Kernel })
	pad         = integer("pad", func(l *Layer) *int { return &l.Pad }).or(func(l *Layer) { l.Pad = 0 })
	stride      = integer("stride", func(l *Layer) *int { return &l.Stride })
	probability = number("p", func(l *Layer) *float64 { return &l.P })
	slope       = number("slope", func(l *Layer) *float64 { return &l.Slope })
)

// or gives a key a default.
func (k key) or(fallback func(l *Layer)) key {
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
		read: func(l *Layer, value string) error {
			*field(l) = value
			return nil
		},
		write: func(l Layer) string { return *field(&l) },
	}
}

func integer(name string, field func(*Layer) *int) key {
	return key{
		name: name,
		read: func(l *Layer, value string) (err error) {
			if *field(l), err = strconv.Atoi(value); err != nil {
				return fmt.Errorf("%s=%q is not a whole number", name, clip(value))
			}
			return nil
		},
		write: func(l Layer) string { return strconv.Itoa(*field(&l)) },
	}
}

func number(name string, field func(*Layer) *float64) key {
	return key{
		name: name,
		read: func(l *Layer, value string) (err error) {
			if *field(l), err = decimal.Float(value); err != nil {
				return fmt.Errorf("%s=%q is not a number", name, clip(value))
			}
			return nil
		},
		write: func(l Layer) string { return strconv.FormatFloat(*field(&l), 'g', -1, 64) },
	}
}

// isDefault reports whether a layer has a key's default.
func (k key) isDefault(l Layer) bool {
	if k.fallback == nil {
		return false
	}
	d := l
	k.fallback(&d)
	return d == l
}

// readKeys reads the words key=value of a line into a layer.
func (l *Layer) readKeys(words []string, keys []key) error {
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
			if err := k.read(l, value); err != nil {
				return err
			}
		}
	}
	for _, k := range keys {
		if _, given := values[k.name]; !given {
			k.fallback(l)
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
