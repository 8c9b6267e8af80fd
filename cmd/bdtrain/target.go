package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/lib/loss"
	"backdrop/lib/train"
)

// target says what of the labels a network learns to tell apart: all classes, or one from the rest.
type target struct {
	binary   bool
	positive int // class
	bound    int // labels must lie below it; 0: any
}

// target resolves --positive among the classes of the data, which may have no names yet.
func (o *options) target(classes []string) (target, error) {
	if !loss.Binary(o.Loss) {
		return target{}, nil
	}
	if o.Positive == "" {
		return target{binary: true, positive: 1, bound: 2}, nil
	}
	class, err := models.ClassNumber(o.Positive, classes)
	if err != nil {
		return target{}, tool.Usagef("--positive: %w", err)
	}
	return target{binary: true, positive: class}, nil
}

// label is what the loss sees.
func (t target) label(class int) int {
	switch {
	case !t.binary:
		return class
	case class == t.positive:
		return 1
	}
	return 0
}

// targeted are samples with the labels that the loss sees, and perhaps an attribute.
type targeted struct {
	train.Data
	target    target
	attribute []float64
}

func (d targeted) Label(i int) int         { return d.target.label(d.Data.Label(i)) }
func (d targeted) Attribute(i int) float64 { return d.attribute[i] }

// InPlace reports whether X needs no buffer.
func (d targeted) InPlace() bool { return train.ExtentOf(d.Data, nil).InPlace }

// digest tells values from others.
func digest(values []float64) string {
	h := sha256.New()
	for _, v := range values {
		binary.Write(h, binary.LittleEndian, v) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// readAttribute reads a number for each of n samples.
func readAttribute(name string, n int) ([]float64, error) {
	f, err := npy.Open(name)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	defer f.Close()
	if len(f.Shape) == 0 || f.Shape[0] != n || f.Len() != n {
		return nil, fmt.Errorf("reading %s: its shape is %v, but there are %d samples", name, f.Shape, n)
	}
	values := f.Float64()
	for i, v := range values {
		if v-v != 0 { // NaN or infinite
			return nil, fmt.Errorf("reading %s: element %d is %v", name, i, v)
		}
	}
	return values, nil
}
