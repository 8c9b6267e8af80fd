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
			if l, err = parseLayer(words); err == nil {
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

// inputKeys are those of the input line.
var inputKeys = []string{"c", "h", "w"}

func (s *Shape) parse(words []string) error {
	values, err := splitKeys(words, inputKeys)
	if err != nil {
		return err
	}
	for i, dst := range []*int{&s.C, &s.H, &s.W} {
		key := inputKeys[i]
		value, given := values[key]
		if !given {
			return fmt.Errorf("input needs c=, h= and w=")
		}
		if *dst, err = strconv.Atoi(value); err != nil {
			return fmt.Errorf("%s=%q is not a whole number", key, clip(value))
		}
	}
	return nil
}

func parseLayer(words []string) (Layer, error) {
	l := Layer{Op: words[0]}
	k := l.kind()
	if k == nil {
		return l, fmt.Errorf("there is no layer %q", clip(l.Op))
	}
	if err := l.readKeys(words[1:], k.keys); err != nil {
		return l, fmt.Errorf("%s: %w", l.Op, err)
	}
	return l, nil
}

// String returns the network as text; Parse(n.String()) gives n again.
func (n *Network) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "input c=%d h=%d w=%d\n", n.Input.C, n.Input.H, n.Input.W)
	for _, l := range n.Layers {
		b.WriteString(l.Op)
		for _, k := range l.kind().keys {
			if k.shown || !k.isDefault(l) {
				fmt.Fprintf(&b, " %s=%s", k.name, k.write(l))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
