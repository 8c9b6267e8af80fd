package net

import (
	"fmt"
	"strconv"
	"strings"
)

// maxLayers is far more than any chain without shortcuts trains with, and bounds what a file can ask for.
const maxLayers = 1000

// Parse reads a network: one layer a line, `kind key=value …`, the first one `input c=1 h=128 w=128`; # begins a
// comment. Errors name the line.
func Parse(text string) (*Network, error) {
	n := &Network{}
	seenInput := false
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		var err error
		switch {
		case words[0] == "input" && seenInput:
			err = fmt.Errorf("a second input line")
		case words[0] == "input":
			seenInput = true
			err = n.Input.parse(words[1:])
		case !seenInput:
			err = fmt.Errorf("the first line must be the input, such as `input c=1 h=128 w=128`; got %q", clip(words[0]))
		case len(n.Layers) == maxLayers:
			err = fmt.Errorf("more than %d layers", maxLayers)
		default:
			var l Layer
			if l, err = parseLayer(words, n.Input.Dimensions()); err == nil {
				n.Layers = append(n.Layers, l)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("net: network line %d: %w", i+1, err)
		}
	}
	if !seenInput {
		return nil, fmt.Errorf("net: the network text has no input line, such as `input c=1 h=128 w=128`")
	}
	if len(n.Layers) == 0 {
		return nil, fmt.Errorf("net: the network has no layers")
	}
	if _, err := n.Shapes(); err != nil {
		return nil, err
	}
	return n, nil
}

// inputKeys are those of the input line, by the number of dimensions.
var inputKeys = [4][]string{1: {"c", "w"}, 2: {"c", "h", "w"}, 3: {"c", "d", "h", "w"}}

func (s *Shape) parse(words []string) error {
	values, err := splitKeys(words, inputKeys[3])
	if err != nil {
		return err
	}
	for key, dst := range map[string]*int{"c": &s.C, "d": &s.D, "h": &s.H, "w": &s.W} {
		value, given := values[key]
		if !given {
			continue
		}
		if *dst, err = strconv.Atoi(value); err != nil {
			return fmt.Errorf("%s=%q is not a whole number", key, clip(value))
		}
		if *dst < 1 {
			return fmt.Errorf("%s=%d: each size must be between 1 and %d", key, *dst, maxExtent)
		}
	}
	for _, key := range inputKeys[s.Dimensions()] {
		if _, given := values[key]; !given {
			return fmt.Errorf("input lacks %s=; a sequence has c= w=, an image c= h= w=, a volume c= d= h= w=", key)
		}
	}
	return nil
}

func parseLayer(words []string, dimensions int) (Layer, error) {
	l := Layer{Op: words[0]}
	k := l.kind()
	if k == nil {
		return l, unknownKind(l.Op)
	}
	if err := l.readKeys(words[1:], k.keys, dimensions); err != nil {
		return l, fmt.Errorf("%s: %w", l.Op, err)
	}
	return l, nil
}

// String returns the network as text; Parse(n.String()) gives n again.
func (n *Network) String() string {
	var b strings.Builder
	dimensions := n.Input.Dimensions()
	b.WriteString("input")
	keys := inputKeys[dimensions]
	for i, v := range n.Input.Axes() {
		fmt.Fprintf(&b, " %s=%d", keys[i], v)
	}
	b.WriteByte('\n')
	for _, l := range n.Layers {
		b.WriteString(l.Op)
		for _, k := range l.kind().keys {
			if k.shown || !k.isDefault(l, dimensions) {
				fmt.Fprintf(&b, " %s=%s", k.name, k.write(l, dimensions))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
