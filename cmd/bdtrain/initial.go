package main

import (
	"fmt"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/formats/stream"
	"backdrop/lib/net"
)

// otherClasses says that the outputs of --init's model stand for other classes than those of the data; "" if they do not, or
// if one of both does not name its classes.
func (d *samples) otherClasses(m *models.Loaded) string {
	switch {
	case !d.named || len(m.Classes) == 0:
		return ""
	case d.target.OneVsRest:
		if positive := models.ClassName(d.classes, d.target.Positive); m.Positive != "" && m.Positive != positive {
			return fmt.Sprintf("its output tells %s from the others, this one %s", stream.Quote(m.Positive), stream.Quote(positive))
		}
	case !slices.Equal(m.Classes, d.classes):
		return fmt.Sprintf("its classes are %s, those of the data %s", stream.List(m.Classes), stream.List(d.classes))
	}
	return ""
}

// checkInit refuses means and deviations of --init that are those of another number of channels than the samples have.
func (d *samples) checkInit() error {
	if d.from.model == nil {
		return nil
	}
	if n := len(d.from.model.Scale.Mean); n > 1 && n != d.shape.C {
		return fmt.Errorf("--init %s has means and deviations of %d channels, but the samples have %d", d.c.init, n, d.shape.C)
	}
	return nil
}

// initialise sets the weights: drawn from the seed, or those of --init. Of a model's it leaves out the last layer with outputs, and
// what stands behind it, if that has another number of outputs or stands for other classes, and says so in a line. That layer
// starts at zero: drawn weights times features of a trained network, which can be large, are scores far from each other, and the
// first steps would undo them at the features' expense. With zero the loss is ln K, and only that layer learns from the first step
// (A. Kolesnikov et al., "Big Transfer (BiT): General Visual Representation Learning", ECCV 2020, section 3.3). Where a layer
// behind it has no gradient at zero, it is drawn.
func (d *samples) initialise(network *net.Network, w *net.Weights) (notice string, err error) {
	name := d.c.init
	w.Init(d.c.Seed)
	m := d.from.model
	switch {
	case m == nil:
		return "", nil
	case d.from.arrays != nil:
		return "", d.from.arrays.set(w)
	}
	given := m.Weights.Params
	if len(given) != len(w.Params) {
		return "", fmt.Errorf("--init %s: its network has %d parameters, this one %d", name, len(given), len(w.Params))
	}
	kept := len(given)
	if last := lastDrawn(given); last >= 0 && given[last].Name == w.Params[last].Name && slices.Equal(given[last].Shape[1:], w.Params[last].Shape[1:]) {
		why := d.otherClasses(m)
		if there, here := given[last].Shape[0], w.Params[last].Shape[0]; there != here {
			outputs := "outputs"
			if there == 1 {
				outputs = "output"
			}
			why = fmt.Sprintf("its network has %d %s, this one %d", there, outputs, here)
		}
		if why != "" {
			kept = last
			start := "starts at zero"
			if weight := w.Params[last]; network.GradientAtZero(weight.Layer) {
				clear(weight.Data)
			} else {
				start = "is drawn anew, as there is no gradient at zero behind it"
			}
			notice = fmt.Sprintf("--init %s: %s; the last layer with weights, %d, %s", name, why, given[last].Layer, start)
		}
	}
	for i, p := range given[:kept] {
		if q := w.Params[i]; p.Name != q.Name || !slices.Equal(p.Shape, q.Shape) {
			return "", fmt.Errorf("--init %s: its parameter %s has shape %v, this network needs %s of shape %v", name, p.Name, p.Shape, q.Name, q.Shape)
		}
		copy(w.Params[i].Data, p.Data)
	}
	return notice, nil
}

// lastDrawn is the index of the weight of the last layer that makes outputs, which normalisations do not; -1 if there is none.
func lastDrawn(params []*net.Param) int {
	for i, p := range slices.Backward(params) {
		if len(p.Shape) > 1 {
			return i
		}
	}
	return -1
}
