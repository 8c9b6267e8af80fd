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
	"backdrop/lib/data"
	"backdrop/lib/finite"
	"backdrop/lib/loss"
)

// targetOf resolves --positive among the classes of the data, which may have no names yet.
func targetOf(c *config, classes []string) (data.Target, error) {
	if !loss.Binary(c.Loss) {
		return data.Target{}, nil
	}
	if c.Positive == "" {
		return data.Target{OneVsRest: true, Positive: 1}, nil
	}
	class, err := models.ClassNumber(c.Positive, classes)
	if err != nil {
		return data.Target{}, tool.Usagef("--positive: %w", err)
	}
	return data.Target{OneVsRest: true, Positive: class}, nil
}

// digest identifies values.
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
	if err := f.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if i := finite.First(values); i >= 0 {
		return nil, fmt.Errorf("reading %s: element %d is %v", name, i, values[i])
	}
	return values, nil
}
