package nn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"backdrop/lib/decimal"
	"backdrop/lib/mask"
)

// ops lists the layers there are and the keys that each takes, in the order in which String prints them.
var ops = map[string][]string{
	"conv":      {"out", "kernel", "stride", "pad"},
	"relu":      {},
	"leakyrelu": {"slope"},
	"maxpool":   {"kernel", "stride", "pad"},
	"avgpool":   {"kernel", "stride", "pad"},
	"gap":       {},
	"flatten":   {},
	"linear":    {"out"},
	"dropout":   {"p"},
	"backdrop":  {"name", "p", "axes"},
}

const (
	defaultSlope = 0.01 // PyTorch's LeakyReLU
	maxLayers    = 1000 // far more than any chain without shortcuts trains with; bounds what a file can ask for
)

// Parse reads a network: one layer a line, `op key=value …`, the first one `input c=1 h=128 w=128`; # begins a
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
			return nil, fmt.Errorf("nn: network line %d: %w", i+1, err)
		}
	}
	if !seenInput {
		return nil, fmt.Errorf("nn: the network text has no input line, such as `input c=1 h=128 w=128`")
	}
	if len(n.Layers) == 0 {
		return nil, fmt.Errorf("nn: the network has no layers")
	}
	if _, err := n.Shapes(); err != nil {
		return nil, err
	}
	return n, nil
}

func (s *Shape) parse(words []string) error {
	v, err := parseKeys(words, []string{"c", "h", "w"})
	if err != nil {
		return err
	}
	for key, dst := range map[string]*int{"c": &s.C, "h": &s.H, "w": &s.W} {
		if _, ok := v[key]; !ok {
			return fmt.Errorf("input needs c=, h= and w=")
		}
		if *dst, err = strconv.Atoi(v[key]); err != nil {
			return fmt.Errorf("%s=%q is not a whole number", key, clip(v[key]))
		}
	}
	return nil
}

func parseLayer(words []string) (Layer, error) {
	l := Layer{Op: words[0]}
	keys, ok := ops[l.Op]
	if !ok {
		return l, fmt.Errorf("there is no layer %q", clip(l.Op))
	}
	v, err := parseKeys(words[1:], keys)
	if err != nil {
		return l, fmt.Errorf("%s: %w", l.Op, err)
	}
	needs := map[string][]string{"conv": {"out", "kernel"}, "maxpool": {"kernel"}, "avgpool": {"kernel"}, "linear": {"out"}, "dropout": {"p"}, "backdrop": {"name", "p", "axes"}}
	for _, key := range needs[l.Op] {
		if _, ok := v[key]; !ok {
			return l, fmt.Errorf("%s needs %s=", l.Op, key)
		}
	}
	for key, dst := range map[string]*int{"out": &l.Out, "kernel": &l.Kernel, "stride": &l.Stride, "pad": &l.Pad} {
		if s, ok := v[key]; ok {
			if *dst, err = strconv.Atoi(s); err != nil {
				return l, fmt.Errorf("%s: %s=%q is not a whole number", l.Op, key, clip(s))
			}
		}
	}
	for key, dst := range map[string]*float64{"p": &l.P, "slope": &l.Slope} {
		if s, ok := v[key]; ok {
			if *dst, err = decimal.Float(s); err != nil {
				return l, fmt.Errorf("%s: %s=%q is not a number", l.Op, key, clip(s))
			}
		}
	}
	l.Name = v["name"]
	if s, ok := v["axes"]; ok {
		if l.Axes, err = mask.ParseAxes(clip(s)); err != nil {
			return l, fmt.Errorf("%s: %w", l.Op, err)
		}
	}
	if _, ok := v["stride"]; !ok && slices.Contains(keys, "stride") {
		l.Stride = 1
		if l.Op != "conv" {
			l.Stride = l.Kernel
		}
	}
	if _, ok := v["slope"]; !ok && l.Op == "leakyrelu" {
		l.Slope = defaultSlope
	}
	return l, nil
}

func parseKeys(words, allowed []string) (map[string]string, error) {
	v := map[string]string{}
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok || value == "" {
			return nil, fmt.Errorf("%q is not of the form key=value", clip(w))
		}
		if !slices.Contains(allowed, key) {
			return nil, fmt.Errorf("there is no key %q here, only %s", clip(key), strings.Join(allowed, ", "))
		}
		if _, dup := v[key]; dup {
			return nil, fmt.Errorf("key %s is given twice", key)
		}
		v[key] = value
	}
	return v, nil
}

// clip keeps a word of hostile length from filling the error line.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// String returns the network as text; Parse(n.String()) gives n again.
func (n *Network) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "input c=%d h=%d w=%d\n", n.Input.C, n.Input.H, n.Input.W)
	for _, l := range n.Layers {
		b.WriteString(l.Op)
		for _, key := range ops[l.Op] {
			if value := l.text(key); value != "" {
				fmt.Fprintf(&b, " %s=%s", key, value)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// text is the value of a key as text, "" if it is the default.
func (l Layer) text(key string) string {
	switch key {
	case "name":
		return l.Name
	case "out":
		return strconv.Itoa(l.Out)
	case "kernel":
		return strconv.Itoa(l.Kernel)
	case "stride":
		if l.Op == "conv" && l.Stride == 1 || l.Op != "conv" && l.Stride == l.Kernel {
			return ""
		}
		return strconv.Itoa(l.Stride)
	case "pad":
		if l.Pad == 0 {
			return ""
		}
		return strconv.Itoa(l.Pad)
	case "p":
		return strconv.FormatFloat(l.P, 'g', -1, 64)
	case "slope":
		return strconv.FormatFloat(l.Slope, 'g', -1, 64)
	case "axes":
		return l.Axes.String()
	}
	panic("nn: no such key")
}
