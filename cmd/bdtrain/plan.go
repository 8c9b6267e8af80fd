package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/bytesize"
	"backdrop/lib/mask"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// plannedNetwork builds the network that a run would train, from --size, --shape or a network file if data need not be read;
// then d is nil.
func plannedNetwork(s tool.Stdio, c *config, from origin) (network *net.Network, d *samples, err error) {
	given := c.input != net.Shape{}
	if given || !from.isPreset() && c.data == "" {
		classes := c.Classes
		if classes == 0 && from.own == nil {
			classes = 4 // as many as the paper's data set
		}
		if given {
			network, err = from.network(c, c.input, classCount{n: classes})
			err = tool.Usage(err)
		} else {
			network, err = from.network(c, net.Shape{}, classCount{})
		}
		return network, nil, err
	}
	ctx := context.Background()
	shown := newProgress(s, c.Quiet, c.Epochs, pixels.NewReading(ctx))
	defer shown.Close()
	s.Err = shown
	if d, err = openSamples(ctx, s, c, from, shown); err != nil {
		return nil, nil, err
	}
	if network, err = d.network(); err != nil {
		d.Close()
		return nil, nil, err
	}
	outputs, err := network.Classes()
	if err == nil {
		_, err = d.classWeights(outputs) // which the run would refuse
	}
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	d.noteAbsent(false)
	d.notices.Show()
	return network, d, nil
}

// plan writes the network's text, or the summary of a run that there is memory for.
func plan(s tool.Stdio, c *config, from origin) error {
	network, d, err := plannedNetwork(s, c, from)
	if err != nil {
		return err
	}
	if d != nil {
		defer d.Close()
	}
	if c.printNet {
		return s.WriteFile(c.Output, tool.Text, func(w io.Writer) error {
			_, err := io.WriteString(w, network.String())
			return err
		})
	}
	m, _, err := planMemory(c, from, network, d, true)
	if err != nil {
		return err
	}
	return s.WriteFile(c.Output, tool.Text, func(w io.Writer) error { return summarise(w, network, m, c) })
}

// summarise writes a table of the layers and what a run will need.
func summarise(w io.Writer, network *net.Network, m *memory, c *config) error {
	shapes, err := network.Shapes()
	if err != nil {
		return err
	}
	geometry, err := network.Geometry()
	if err != nil {
		return err
	}
	params, err := net.ParamShapes(network)
	if err != nil {
		return err
	}
	count := make([]int, len(network.Layers))
	total := 0
	for _, p := range params {
		count[p.Layer] += p.Size()
		total += p.Size()
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "layer\t\toutput\tparameters\tsees (px)\tevery (px)\tmask\n")
	fmt.Fprintf(t, "\tinput\t%v\t\t\t\t\n", network.Input)
	for i, l := range network.Layers {
		sees, every := sights(geometry[i], network.Input)
		fmt.Fprintf(t, "%d\t%s\t%v\t%s\t%s\t%s\t%s\n", i, layerText(l), shapes[i], blankZero(count[i]), sees, every, maskText(l, shapes[i], every))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if line := denseLine(network); line != "" {
		fmt.Fprintf(w, "\n%s\n", line)
	}
	fmt.Fprintf(w, "\nparameters     %d (%s)\n", total, bytesize.Format(int64(total)*4))
	return m.summarise(w, c)
}

// denseLine says what group normalisation does to the gradient, if the network has any.
func denseLine(network *net.Network) string {
	var at []string
	for i, l := range network.Layers {
		if l.Op == "groupnorm" {
			at = append(at, fmt.Sprint(i))
		}
	}
	layers := "layers"
	switch len(at) {
	case 0:
		return ""
	case 1:
		layers = "layer"
	}
	return fmt.Sprintf("groupnorm (%s %s) spreads a gradient over all pixels of its sample, whatever the masks behind it block: nothing is saved in\nthe layers before it, back to the input or the next mask; ws=true in the convolutions instead keeps what masks save", layers, strings.Join(at, ", "))
}

// layerText is a layer's kind, its name and that of the layer it also reads; a mask's name stands with the mask.
func layerText(l net.Layer) string {
	text := l.Op
	if l.Name != "" && l.Op != "backdrop" {
		text += " name=" + l.Name
	}
	if l.From != "" {
		text += " from=" + l.From
	}
	return text
}

func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// sights says how many pixels of the input a cell sees along each axis, and after how many the next one begins.
func sights(g net.Geometries, input net.Shape) (sees, every string) {
	var field, stride net.Size
	for axis := range g {
		field[axis], stride[axis] = g[axis].Field, g[axis].Stride
	}
	return field.Text(input.Dimensions()), stride.Text(input.Dimensions())
}

// maskText says what a backdrop layer blocks: its cells and the patch of the input that belongs to one, a side.
func maskText(l net.Layer, s net.Shape, patch string) string {
	if l.Op != "backdrop" {
		return ""
	}
	if l.P == 0 {
		return fmt.Sprintf("%s: off", l.Name)
	}
	text := fmt.Sprintf("%s: p=%v on %v, ", l.Name, l.P, l.Axes)
	var cells []string
	whole := true // a cell is a patch
	for i, axis := range []mask.Axes{mask.C, mask.D, mask.H, mask.W} {
		switch {
		case l.Axes&axis != 0:
			cells = append(cells, fmt.Sprint(s.Batch(1)[1+i]))
		case axis != mask.C && i > 3-s.Dimensions():
			whole = false
		}
	}
	if cells == nil {
		return text + "one cell a sample"
	}
	text += strings.Join(cells, "×") + " cells"
	if whole {
		text += fmt.Sprintf(" of %s px", patch)
	}
	if n := l.Cells(s, 1); float64(n)*(1-l.P) < 0.5 {
		text += ", one of which always passes"
	}
	return text
}
