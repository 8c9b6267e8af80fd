package models

import (
	"errors"
	"testing"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/mask"
	"backdrop/lib/net"
)

func parse(t *testing.T, text string) *net.Network {
	t.Helper()
	network, err := net.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return network
}

func TestApplyMasks(t *testing.T) {
	network := parse(t, smallNetwork)
	if err := ApplyMasks(network, []string{"fine=0.25", "coarse=1:NHW", "fine=0.75"}); err != nil {
		t.Fatal(err)
	}
	fine, coarse := network.Layers[1], network.Layers[2]
	if fine.P != 0.75 || fine.Axes != mask.H|mask.W || coarse.P != 1 || coarse.Axes != mask.N|mask.H|mask.W {
		t.Errorf("fine is %v on %v, coarse %v on %v", fine.P, fine.Axes, coarse.P, coarse.Axes)
	}
	NoMasks(network)
	if fine, coarse = network.Layers[1], network.Layers[2]; fine.P != 0 || coarse.P != 0 {
		t.Errorf("after NoMasks fine is %v, coarse %v", fine.P, coarse.P)
	}
}

func TestApplyMasksErrors(t *testing.T) {
	for override, want := range map[string]string{
		"fine":          `--mask "fine" is not of the form NAME=P or NAME=P:AXES, such as fine=0.95:NHW`,
		"":              `--mask "" is not of the form NAME=P or NAME=P:AXES, such as fine=0.95:NHW`,
		"middle=0.5":    `--mask "middle=0.5": the network has no backdrop layer of that name, only fine, coarse`,
		"=0.5":          `--mask "=0.5": the network has no backdrop layer of that name, only fine, coarse`,
		"fine=":         `--mask "fine=": the probability must lie between 0 and 1, got ""`,
		"fine=high":     `--mask "fine=high": the probability must lie between 0 and 1, got "high"`,
		"fine=1.5":      `--mask "fine=1.5": the probability must lie between 0 and 1, got "1.5"`,
		"fine=-0.1:HW":  `--mask "fine=-0.1:HW": the probability must lie between 0 and 1, got "-0.1"`,
		"fine=NaN":      `--mask "fine=NaN": the probability must lie between 0 and 1, got "NaN"`,
		"fine=0.5:":     `--mask "fine=0.5:": mask: no axes given, want letters of NCDHW such as HW`,
		"fine=0.5:HX":   `--mask "fine=0.5:HX": mask: unknown axis 'X' in axes "HX", want letters of NCDHW`,
		"fine=0.5:NDHW": `--mask "fine=0.5:NDHW": axes=NDHW: masks of images have the axes NCHW, and no D`,
		"fine=0.5:HH":   `--mask "fine=0.5:HH": mask: axis H is named twice in axes "HH"`,
	} {
		expectUsage(t, ApplyMasks(parse(t, smallNetwork), []string{"coarse=0.5", override}), want)
	}
	bare := parse(t, "input c=1 h=1 w=1\nlinear out=2\n")
	expectUsage(t, ApplyMasks(bare, []string{"fine=0.5"}), `--mask "fine=0.5": the network has no backdrop layers`)
}

func expectUsage(t *testing.T, err error, want string) {
	t.Helper()
	exit := (*tool.ExitError)(nil)
	if err == nil || err.Error() != want || !errors.As(err, &exit) || exit.Code != tool.CodeUsage {
		t.Errorf("got %v, want wrong usage: %s", err, want)
	}
}
