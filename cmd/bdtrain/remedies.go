package main

import (
	"fmt"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/dims"
	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// tooLarge says that there is too little memory, and what would fit.
func (r *planner) tooLarge(m *memory) error {
	what := fmt.Sprintf("a step of %d samples", m.batch)
	if m.batch == 1 {
		what = "a step of 1 sample"
	}
	if r.c.MemoryLimited() && r.data != nil && r.data.set != nil && m.data >= 4*int64(r.data.shape.Len()) { // else they stay in their file
		what += ", beside those that are kept,"
	}
	return tool.Fits(what, float64(m.total()), strings.Join(append(r.remedies(m), "a smaller network"), " or "))
}

// remedies are changes of the flags with which a run fits.
func (r *planner) remedies(m *memory) (all []string) {
	try := func(remedy string, change func(*planner)) bool {
		other := *r
		other.net = &net.Network{Input: r.net.Input, Layers: slices.Clone(r.net.Layers)}
		other.kept = nil
		change(&other)
		m, err := other.smallest(other.kept == nil)
		if err == nil && !fits(m) {
			m, err = other.smallest(false)
		}
		if err != nil || !fits(m) {
			return false
		}
		all = append(all, remedy)
		return true
	}
	for batch := m.batch / 2; batch > 0; batch /= 2 {
		smaller := func(p *planner) {
			if p.config.Batch = batch; !models.MasksPerSample(r.net) {
				p.kept = r.kept.Scaled(m.batch, batch)
			}
		}
		if try(fmt.Sprintf("--batch %d", batch), smaller) {
			break
		}
	}
	r.tryMasks(try)
	if d := r.data; d != nil && d.once != nil && !d.once.inFile && r.net.Input.Len() > pixels.Small {
		try("samples in a plain tar or a .npy on disk, where they are read in place,", func(p *planner) { p.extent.InFile = true })
	}
	whole := r.config.Augment.Shape(r.net.Input)
	for crop := slices.Max(r.net.Input.Axes()[1:]) / 2; crop >= 16; crop /= 2 {
		augment := r.config.Augment
		if augment.Crop = dims.Square(crop); augment.Shape(r.net.Input).Len() >= whole.Len() {
			continue
		}
		if try("--augment "+augment.String(), func(p *planner) { p.config.Augment = augment }) {
			break
		}
	}
	return all
}

// tryMasks tries to turn masks on that are off.
func (r *planner) tryMasks(try func(remedy string, change func(*planner)) bool) {
	if r.c.NoMasks {
		if network, err := models.Network(r.from.net, r.net.Input, r.classes()); err == nil {
			try("masks (leave out --no-masks)", func(p *planner) { p.net = network })
		}
		return
	}
	for _, i := range r.net.Backdrops() {
		const p = 0.95
		if l := r.net.Layers[i]; l.P == 0 && try(fmt.Sprintf("--mask %s=%v", l.Name, p), func(q *planner) { q.net.Layers[i].P = p }) {
			return
		}
	}
}

func (r *planner) classes() int {
	n, _ := r.net.Classes() // which was looked at before
	return n
}
