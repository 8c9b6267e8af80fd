package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/finite"
	"backdrop/lib/net"
	"backdrop/lib/scale"
)

// arrays are weights of --init that lie in an .npz, by names such as those of the state_dict of the module in examples/pytorch.
type arrays struct {
	file  string
	names []string              // sorted
	of    map[string]*npy.Array // until the weights are set
}

// Names of what samples go through first, in such an archive; both may be missing.
const (
	meanArray = "mean"
	stdArray  = "std"
)

// isArchive reports whether a file is an .npz: by its name or, if it can be read twice, by how it begins.
func isArchive(name string) bool {
	if strings.HasSuffix(strings.ToLower(name), ".npz") {
		return true
	}
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [4]byte
	_, err = io.ReadFull(f, head[:])
	return err == nil && string(head[:]) == "PK\x03\x04"
}

// readInit reads what --init names.
func (from *origin) readInit(c *config) (err error) {
	if !isArchive(c.init) {
		from.model, err = models.Load(c.init, nil, c.Limits())
		return err
	}
	from.arrays, err = readArrays(c.init, c.Limits())
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.init, err)
	}
	from.model = &models.Loaded{}
	if from.model.Scale, err = from.arrays.scale(); err != nil {
		err = fmt.Errorf("--init %s: %w", c.init, err)
	}
	return err
}

// readArrays reads an .npz, which may come out of a pipe.
func readArrays(name string, l stream.Limits) (*arrays, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	most := l.OrDefault().Member
	r, size := io.ReaderAt(f), info.Size()
	if !info.Mode().IsRegular() {
		all, err := io.ReadAll(io.LimitReader(f, most+1))
		if err != nil {
			return nil, err
		}
		if int64(len(all)) > most {
			return nil, fmt.Errorf("npz: more than %d bytes from a pipe; name a file", most)
		}
		r, size = bytes.NewReader(all), int64(len(all))
	}
	of, err := npy.ReadNPZ(r, size, most)
	if err != nil {
		return nil, err
	}
	if len(of) == 0 {
		return nil, errors.New(`there is no .npy in it; of a PyTorch file, np.savez("weights.npz", **{k: v.numpy() for k, v in torch.load("weights.pt").items()}) makes one`)
	}
	return &arrays{file: name, names: slices.Sorted(maps.Keys(of)), of: of}, nil
}

// scale is what the arrays say that samples go through first; without them, samples stay as they are.
func (a *arrays) scale() (n scale.Normalisation, err error) {
	mean, std := a.named(meanArray), a.named(stdArray)
	if len(mean)+len(std) == 0 {
		return n, nil
	}
	if len(mean) != 1 || len(std) != 1 {
		return n, fmt.Errorf("arrays mean and std go together; there are %d and %d", len(mean), len(std))
	}
	if n.Mean, err = a.values(mean[0]); err != nil {
		return n, err
	}
	if n.Std, err = a.values(std[0]); err != nil {
		return n, err
	}
	return n, n.Validate(len(n.Mean))
}

// named returns the arrays of that name, whatever stands before it and a dot: modules put their own name there.
func (a *arrays) named(name string) []string {
	var all []string
	for _, full := range a.names {
		if full == name || strings.HasSuffix(full, "."+name) {
			all = append(all, full)
		}
	}
	return all
}

// values are those of an array, which are finite.
func (a *arrays) values(name string) ([]float32, error) {
	array := a.of[name]
	values, err := array.Float32()
	if err != nil {
		return nil, fmt.Errorf("array %s: %w", name, err)
	}
	if i := finite.First(values); i >= 0 {
		return nil, fmt.Errorf("array %s: element %v is %v", name, dims.Index(i, array.Shape), values[i])
	}
	return values, nil
}

// set gives a network's parameters their values, and lets go of the arrays. All of them must be there, in their shapes, and
// nothing else.
func (a *arrays) set(w *net.Weights) error {
	defer func() { a.of = nil }()
	used := map[string]bool{}
	for _, name := range slices.Concat(a.named(meanArray), a.named(stdArray)) {
		used[name] = true
	}
	var missing []*net.Param
	for _, p := range w.Params {
		names := a.named(p.Name)
		switch {
		case len(names) == 0:
			missing = append(missing, p)
			continue
		case len(names) > 1:
			return fmt.Errorf("--init %s: arrays %s and %s are both layer %d's", a.file, names[0], names[1], p.Layer)
		}
		name := names[0]
		if used[name] = true; !slices.Equal(a.of[name].Shape, p.Shape) {
			return fmt.Errorf("--init %s: array %s has shape %v, the network needs %v", a.file, name, a.of[name].Shape, p.Shape)
		}
		values, err := a.values(name)
		if err != nil {
			return fmt.Errorf("--init %s: %w", a.file, err)
		}
		copy(p.Data, values)
	}
	extra := slices.DeleteFunc(slices.Clone(a.names), func(name string) bool { return used[name] })
	has := ""
	if len(extra) > 0 {
		has = "; the network has no use for " + stream.List(extra)
	}
	switch {
	case len(missing) > 0:
		return fmt.Errorf("--init %s: %s missing%s", a.file, lacking(missing), has)
	case len(extra) > 0:
		return fmt.Errorf("--init %s: %s", a.file, strings.TrimPrefix(has, "; "))
	}
	return nil
}

// lacking names the first of some parameters as the module in examples/pytorch does, and says what its shape is.
func lacking(params []*net.Param) string {
	text := fmt.Sprintf("array layers.%s of shape %v is", params[0].Name, params[0].Shape)
	if more := len(params) - 1; more > 0 {
		text = fmt.Sprintf("arrays layers.%s of shape %v and %d more are", params[0].Name, params[0].Shape, more)
	}
	return text
}

// errNoNetwork says what to do where --init has weights alone.
func errNoNetwork(init string) error {
	return tool.Usagef("--init %s has arrays, and no network: name that with --net (bdtrain --print-net writes the text of one)", init)
}
