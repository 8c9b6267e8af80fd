package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

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
func readAttribute(name string, n int) (values []float64, err error) {
	err = models.ReadEach(npy.Open, name, "number", n, func(a *npy.Array) error {
		values = a.Float64()
		if i := finite.First(values); i >= 0 {
			return fmt.Errorf("element %d is %v", i, values[i])
		}
		return nil
	})
	return values, err
}
