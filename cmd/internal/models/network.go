package models

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/net"
)

// maxNetworkText bounds a network file: a thousand layers of a hundred bytes.
const maxNetworkText = 100 << 10

// Network returns the preset of that name for the given input and number of classes, or reads the file of that name,
// which has an input and a number of classes of its own. A text that is no network is wrong usage.
func Network(name string, in net.Shape, classes int) (*net.Network, error) {
	if slices.Contains(net.Presets, name) {
		network, err := net.Preset(name, in, classes)
		if err != nil {
			err = fmt.Errorf("%w%s", err, AxesHint(in, net.Shape{}))
		}
		return network, err
	}
	text, err := networkText(name)
	if err != nil {
		return nil, err
	}
	network, err := net.Parse(text)
	if err != nil {
		return nil, tool.Usagef("reading %s: %w", name, err)
	}
	return network, nil
}

// IsPreset reports whether name is a preset, which takes its input's shape from the data.
func IsPreset(name string) bool { return slices.Contains(net.Presets, name) }

func networkText(name string) (string, error) {
	f, err := os.Open(name)
	if os.IsNotExist(err) && !strings.ContainsAny(name, "/.") {
		return "", tool.Usagef("there is no network %q: neither a preset (%s) nor a file", name, strings.Join(net.Presets, ", "))
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxNetworkText+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxNetworkText {
		return "", tool.Usagef("reading %s: a network text has at most %d bytes", name, maxNetworkText)
	}
	return string(text), nil
}
