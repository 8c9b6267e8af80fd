package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/dims"
	"backdrop/lib/gp"
)

// A crossing makes samples of fields that lie in files, as the generator of 2018 does with its own fields. Each length of a
// scale is a list of fields; a sample is the sum of one field of each scale. No field is used twice.
type crossing struct {
	shape   []int
	power   []float64
	lists   [][]fieldList // of each scale, the lengths to choose from
	counts  []int         // how many lengths each scale has
	classes []string
}

// maxCrossed bounds the number of classes.
const maxCrossed = 1 << 20

// A fieldList has the fields of one length, in the order in which they are used.
type fieldList struct {
	glob   string
	fields []fieldFile
}

// newCrossing finds the files of "A,B:C": globs stand where lengths do in --scales. The shape is that of one field.
// Where it is nil, an array of one or two dimensions is a field, and the rows of an array of three are fields.
func newCrossing(globs string, shape []int, power []float64) (*crossing, error) {
	c := &crossing{shape: shape, power: power}
	classOf := map[string]string{}
	names := []string{""}
	for j, scale := range gp.SplitScales(globs) {
		c.lists = append(c.lists, nil)
		var longer []string
		for _, glob := range scale {
			list, err := c.find(glob)
			if err != nil {
				return nil, err
			}
			c.lists[j] = append(c.lists[j], list)
			name := className(list.glob)
			if other, taken := classOf[name]; taken {
				return nil, fmt.Errorf("%s and %s both name a class %q; give files other names", other, list.glob, name)
			}
			classOf[name] = list.glob
			for _, before := range names {
				longer = append(longer, strings.TrimPrefix(before+"-"+name, "-"))
			}
		}
		c.counts = append(c.counts, len(c.lists[j]))
		names = longer
		if len(names) > maxCrossed {
			return nil, fmt.Errorf("lengths combine to more than %d classes; try fewer scales or lengths", maxCrossed)
		}
	}
	c.classes = names
	if len(c.lists) != len(power) {
		return nil, fmt.Errorf("number of powers must be that of scales, %d, got %d", len(c.lists), len(power))
	}
	return c, c.checkDistinct()
}

// checkCrossing finds the files of --fields.
func (o *options) checkCrossing(c *cli.Context, shape []int, powers []float64) error {
	for _, flag := range []string{"scales", "kernel", "boundary", "method", "wrap-factor", "nugget", "standardise", "seed"} {
		if c.IsSet(flag) {
			return fmt.Errorf("--fields and --%s exclude each other: fields in files are as they are", flag)
		}
	}
	if o.n == 0 {
		return fmt.Errorf("--fields needs to know the number of samples, got -n 0")
	}
	if !c.IsSet("size") && !c.IsSet("shape") {
		shape = nil
	}
	var err error
	if o.crossing, err = newCrossing(o.fields, shape, powers); err != nil {
		return fmt.Errorf("--fields: %w", err)
	}
	var inputs []tool.Name
	for _, name := range o.crossing.files() {
		inputs = append(inputs, tool.Name{Flag: "--fields", File: name})
	}
	return tool.Distinct([]tool.Name{{Flag: "-o", File: o.Output}, {Flag: "--labels", File: o.labels}, {Flag: "--preview", File: o.preview}}, inputs)
}

// checkDistinct makes sure that no file stands in two lists.
func (c *crossing) checkDistinct() error {
	seen := map[string]string{}
	for _, lists := range c.lists {
		for _, list := range lists {
			for _, f := range list.fields {
				if other, taken := seen[f.name]; taken && other != list.glob {
					return fmt.Errorf("%s is one of %s and of %s; a field may belong to one length only", f.name, other, list.glob)
				}
				seen[f.name] = list.glob
			}
		}
	}
	return nil
}

// files are the names of the files that fields lie in.
func (c *crossing) files() []string {
	var names []string
	for _, lists := range c.lists {
		for _, list := range lists {
			for _, f := range list.fields {
				if len(names) == 0 || names[len(names)-1] != f.name {
					names = append(names, f.name)
				}
			}
		}
	}
	return names
}

// className is what a glob says of its files: A_*.npy is A.
func className(glob string) string {
	name := strings.TrimSuffix(filepath.Base(glob), ".npy")
	if cut := strings.IndexAny(name, "*?["); cut > 0 {
		name = name[:cut]
	}
	if trimmed := strings.TrimRight(name, "_-."); trimmed != "" {
		name = trimmed
	}
	return name
}

// find lists the fields of a glob, files in the order of their names.
func (c *crossing) find(glob string) (fieldList, error) {
	list := fieldList{glob: glob}
	names, err := filepath.Glob(glob)
	if err != nil {
		return list, fmt.Errorf("%s: %w", glob, err)
	}
	if len(names) == 0 {
		return list, fmt.Errorf("%s: no such file", glob)
	}
	for _, name := range names {
		f, err := openArray(name)
		if err != nil {
			return list, tool.Exit(tool.CodeFailed, err) // not the flag's fault
		}
		shape := f.Shape
		f.Close()
		if c.shape == nil && len(shape) > 0 {
			c.shape = shape[max(0, len(shape)-2):]
		}
		switch {
		case slices.Contains(shape, 0) || len(shape) == 0:
			return list, tool.Exit(tool.CodeFailed, fmt.Errorf("%s has shape %v; there is no field in it", name, shape))
		case slices.Equal(shape, c.shape):
			list.fields = append(list.fields, fieldFile{name: name, row: -1})
		case len(shape) > 0 && slices.Equal(shape[1:], c.shape):
			for row := range shape[0] {
				list.fields = append(list.fields, fieldFile{name: name, row: row})
			}
		default:
			return list, tool.Exit(tool.CodeFailed, fmt.Errorf("%s has shape %v; want a field of shape %v or an array of such", name, shape, c.shape))
		}
	}
	return list, nil
}

// Shape is that of a sample.
func (c *crossing) Shape() []int { return c.shape }

// Classes are the names of the classes.
func (c *crossing) Classes() []string { return c.classes }

// Class is that of a sample: the classes come one after the other in turn.
func (c *crossing) Class(number int) int { return number % len(c.classes) }

// pick returns which length a sample has at a scale, and which field of that length's list it takes: as many samples before
// it have the same length there.
func (c *crossing) pick(number, scale int) (choice, field int) {
	classes := len(c.classes)
	class := number % classes
	choice = choices(class, c.counts)[scale]
	before := 1
	for _, n := range c.counts[:scale] {
		before *= n
	}
	// A length comes in runs of `before` classes; the runs of all lengths of the scale follow each other in turn.
	period := before * c.counts[scale]
	field = number / classes * (classes / c.counts[scale])
	return choice, field + class/period*before + class%before
}

// fields returns the fields that a sample is made of.
func (c *crossing) fields(number int) []fieldFile {
	var out []fieldFile
	for j := range c.lists {
		choice, field := c.pick(number, j)
		out = append(out, c.lists[j][choice].fields[field])
	}
	return out
}

// check makes sure that there are enough fields for all samples up to last, and that the fields of the samples asked for are
// standardised. So nothing is written of a run that cannot be completed.
func (c *crossing) check(n numbers, last int) error {
	for number := max(0, last-len(c.classes)+1); number <= last; number++ {
		for j, lists := range c.lists {
			choice, field := c.pick(number, j)
			if list := lists[choice]; field >= len(list.fields) {
				need := 0
				for k := max(0, last-len(c.classes)+1); k <= last; k++ {
					if other, at := c.pick(k, j); other == choice {
						need = max(need, at+1)
					}
				}
				return fmt.Errorf("%s has %d fields, %d samples need %d; try a smaller -n", list.glob, len(list.fields), last+1, need)
			}
		}
	}
	x := make([]float32, c.part())
	number := n.first
	for range n.count {
		for _, f := range c.fields(number) {
			field, err := f.open(c.shape)
			if err != nil {
				return err
			}
			err = field.checkMoments(x)
			field.close()
			if err != nil {
				return err
			}
		}
		number += n.step
	}
	return nil
}

// part is the number of values of a part of a field.
func (c *crossing) part() int { return dims.Count(c.shape) / parts(c.shape) }

// Draw adds the fields of a sample times their powers.
func (c *crossing) Draw(number int, dst []float32) error {
	return c.add(number, func(part int) []float32 { return dst[part*c.part():][:c.part()] }, func([]float32) error { return nil })
}

// add adds the fields of a sample, a part at a time: it asks where a part is to be written, and says when it has been.
func (c *crossing) add(number int, place func(part int) []float32, take func(values []float32) error) error {
	var fields []*openField
	for _, f := range c.fields(number) {
		field, err := f.open(c.shape)
		if err != nil {
			return err
		}
		defer field.close()
		fields = append(fields, field)
	}
	values := make([]float32, c.part())
	for part := range parts(c.shape) {
		dst := place(part)
		clear(dst)
		for j, f := range fields {
			if err := f.read(part, values); err != nil {
				return fmt.Errorf("%v: %w", f.name, err)
			}
			p := float32(c.power[j])
			for x, v := range values {
				dst[x] += float32(p * v)
			}
		}
		if err := take(dst); err != nil {
			return err
		}
	}
	return nil
}

// largeCrossing is a crossing whose samples are too large to be held.
type largeCrossing struct{ *crossing }

// Rows adds the fields of a sample, a part at a time.
func (c largeCrossing) Rows(number int, take func(values []float32) error) error {
	sum := make([]float32, c.part())
	return c.add(number, func(int) []float32 { return sum }, take)
}
