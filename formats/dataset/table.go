package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
	"backdrop/lib/pixels"
)

// Table gives access to samples by number. All methods but Close may be called concurrently.
type Table struct {
	Metadata stream.Metadata // what the data say about themselves
	Shape    []int           // of every sample: channels, and the axes that there are of planes, rows and columns. Of samples that differ in size, the largest along each axis

	came    []int   // the shape of the first sample before it was resized; nil if it was not
	reach   float32 // the largest value of pictures that are dark (Reach)
	sizes   sizes
	kept    []pixels.Source // samples in memory, or left in a stream's file
	values  int64           // bytes of kept in memory
	array   *npy.Array      // samples from number len(kept) on, in file or in a temporary one
	places  []int           // of samples that differ in size, where each begins in array, which is then all values in a row
	file    held            // that the data were in, if samples are left there; else nil
	spilled []held          // the temporary files
	where   string          // "reading NAME"
	pages   int64           // bytes of file that are in memory at a time
	names   int64           // bytes of all keys and labels, and whatever else each sample takes
	keys    []string        // nil: keys are numbers
	labels  []int
	classes []string
	own     closers
}

// held is a file that samples are left in.
type held interface {
	Err() error
	Resident() int64
}

// Load reads all samples of the data in the file or folder of that name, or on stdin if name is "" or "-". There must be at least one.
func Load(name string, stdin io.Reader, o Options) (*Table, error) {
	o.InPlace = true
	s, err := open(name, stdin, o)
	if err != nil {
		return nil, err
	}
	s.lateNames = true
	t := &Table{where: s.where}
	if in, ok := s.Source.(*arraySource); ok && o.Resize.None() {
		in.all = true
		t.array, t.file, t.own = in.array, in.file, closers{s}
		err = t.index(s, 0, func(*stream.Sample) error { return nil })
		for _, place := range s.last.added {
			t.array = t.array.Insert(1 + place)
		}
	} else {
		err = t.keep(s, o)
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// keep reads the samples and keeps their values: in memory up to a limit, which includes many keys and labels, then on disk.
func (t *Table) keep(s *checked, o Options) error {
	memory := o.Memory
	var disk *spill
	kept := newKeeping(s, o)
	inFile := false
	s.colours.promote = func() (err error) {
		if disk != nil {
			if err = t.unspill(disk); err != nil {
				return err
			}
			all := slices.Clone(t.kept)
			for i := len(t.kept); i < s.n; i++ {
				all = append(all, t.Sample(i))
			}
			disk, t.kept, t.array, t.places = nil, all, nil, nil
		}
		t.sizes.recolour()
		for i, x := range t.kept {
			t.kept[i] = repeated{x}
		}
		return nil
	}
	err := t.index(s, memory, func(x *stream.Sample) (err error) {
		size := 4 * int64(len(x.X)) // 0 if it is left in its file
		if err := kept.ask(size); err != nil {
			return err
		}
		if disk == nil && (size == 0 || memory <= 0 || t.values+size+max(0, t.names-leastRoom) <= memory) {
			t.kept, t.values = append(t.kept, x.Source()), t.values+size
			inFile = inFile || size == 0
			return nil
		}
		if disk == nil {
			if disk, err = newSpill(x.Shape, s.sizes); err != nil {
				return err
			}
		}
		if err := disk.add(x.Source(), x.Shape); err != nil {
			return err
		}
		s.Reuse(x.X)
		return nil
	})
	if in, ok := s.Source.(streamSource); ok && inFile {
		t.file, t.own = in.files, append(t.own, in.own...)
	} else {
		err = cmp.Or(err, s.Close())
	}
	if disk == nil {
		return err
	}
	if err != nil {
		return cmp.Or(err, disk.file.Close())
	}
	return s.wrap(t.unspill(disk))
}

// unspill gives access to samples that were kept on disk.
func (t *Table) unspill(disk *spill) error {
	f, err := disk.open()
	if err == nil {
		t.array, t.places, t.spilled, t.own = f.Array, disk.places, append(t.spilled, f), append(t.own, f)
	}
	return cmp.Or(err, disk.file.Close())
}

const (
	perSample = 120     // bounds the bytes that a sample takes besides its values, its key and its label
	leastRoom = 1 << 20 // bytes for keys and labels, however little memory is allowed
)

// index reads the samples, remembers all but their values, and passes these to keep. If memory is limited, what it
// remembers may take a third more than memory, together with the values that are kept.
func (t *Table) index(s *checked, memory int64, keep func(x *stream.Sample) error) error {
	late := lateLabels{}
	_, named := s.Source.(streamSource)
	for {
		sample, err := s.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		t.names += int64(perSample + len(sample.Key) + late.cost(sample))
		if s.sizes {
			t.names += bytesPerShape
		}
		if limit := max(memory/3*4-t.values, leastRoom); memory > 0 && t.names > limit {
			err := fmt.Errorf("sample %s: the keys and labels of %d samples take more than %d bytes", sample.Key, len(t.labels)+1, limit)
			return s.wrap(&AdvisedError{Err: err, Advice: AllowMemory})
		}
		if len(t.labels) == 0 {
			t.came = sample.Own
		}
		t.addShape(sample.Shape)
		if err := keep(sample); err != nil {
			return s.wrap(err)
		}
		if named {
			t.keys = append(t.keys, sample.Key)
		}
		label := -1
		if sample.HasLabel {
			label = sample.Label
		} else if sample.LabelText != "" {
			label = late.add(sample)
		}
		t.labels = append(t.labels, label)
	}
	if len(t.labels) == 0 {
		return s.wrap(errors.New("there are no samples"))
	}
	if err := s.Err(); err != nil {
		return err
	}
	t.pages = s.resident
	if shallow(s.depth, 1) {
		t.reach = reached(s.depth)
	}
	t.Metadata = s.Metadata()
	names, err := late.resolve(s, t.labels)
	if err != nil {
		return s.wrap(err)
	}
	if names != nil {
		t.Metadata.Classes = names
	}
	t.classes = slices.Clone(s.wanted)
	if len(t.classes) == 0 {
		t.classes = slices.Clone(t.Metadata.Classes)
	}
	for i := len(t.classes); len(s.wanted)+len(t.Metadata.Classes) == 0 && i <= slices.Max(t.labels); i++ {
		t.classes = append(t.classes, strconv.Itoa(i))
	}
	return nil
}

// addShape takes in the shape of a sample.
func (t *Table) addShape(shape []int) {
	if len(t.labels) == 0 {
		t.Shape, t.sizes.first = shape, shape
	}
	if t.sizes.add(shape); slices.Equal(t.Shape, shape) {
		return
	}
	t.Shape = slices.Clone(t.Shape)
	for i, n := range shape {
		t.Shape[i] = max(t.Shape[i], n)
	}
}

// Own is the shape that the first sample had before it was resized, channels first; nil if it was not.
func (t *Table) Own() []int { return t.came }

// Reach is Options.Reach for samples beside these.
func (t *Table) Reach() float32 { return t.reach }

// Shapes returns the shape of each sample; nil if all are the same.
func (t *Table) Shapes() [][]int { return t.sizes.each }

// lateLabels are labels whose classes are not known until the data name them: each once, with the first sample that has it.
type lateLabels struct {
	number map[string]int
	list   []lateLabel
}

type lateLabel struct {
	key, label string
	class      int
}

// perLabel bounds the bytes that a label takes besides its text.
const perLabel = 200

// cost is the number of bytes that it takes to remember the label of a sample.
func (l *lateLabels) cost(s *stream.Sample) int {
	if _, ok := l.number[s.LabelText]; ok || s.HasLabel || s.LabelText == "" {
		return 0
	}
	return perLabel + len(s.LabelText) + len(s.Key)
}

// add remembers the label of a sample, and returns a number below -1 that stands for its class.
func (l *lateLabels) add(s *stream.Sample) int {
	i, ok := l.number[s.LabelText]
	if !ok {
		if i = len(l.list); i == 0 {
			l.number = map[string]int{}
		}
		l.number[s.LabelText] = i
		l.list = append(l.list, lateLabel{key: s.Key, label: s.LabelText})
	}
	return -2 - i
}

// resolve replaces the numbers that add returned by the classes that they stand for. If classes have no names, and no label is a
// number, labels name them, as those of an array of texts do: it returns the names. So do folders that are labels.
func (l *lateLabels) resolve(s *checked, labels []int) (names []string, err error) {
	if s.byFolder.used {
		return s.resolveFolders(l.list, labels)
	}
	if !s.labels.named && len(l.list) > 0 && !slices.ContainsFunc(l.list, func(late lateLabel) bool { return stream.IsNumber(late.label) }) {
		for _, late := range l.list {
			names = append(names, late.label)
		}
		slices.Sort(names)
		if err := stream.CheckClasses(names); err != nil {
			return nil, err
		}
		s.labels = newLabels(names, s.note)
		s.note(Numbering(names))
	}
	if err := l.mixed(s.labels.named); err != nil {
		return nil, err
	}
	for i, late := range l.list {
		if l.list[i].class, err = s.labels.find(late.key, late.label); err != nil {
			return nil, err
		}
	}
	for i, label := range labels {
		if label < -1 {
			labels[i] = l.list[-2-label].class
		}
	}
	return names, nil
}

// mixed is the error of labels some of which are names and some numbers, where nothing names the classes.
func (l *lateLabels) mixed(named bool) error {
	number := slices.IndexFunc(l.list, func(late lateLabel) bool { return stream.IsNumber(late.label) })
	name := slices.IndexFunc(l.list, func(late lateLabel) bool { return !stream.IsNumber(late.label) })
	if named || number < 0 || name < 0 {
		return nil
	}
	return fmt.Errorf("sample %s: label %s is a number, but that of sample %s is a name, %s; make all of them names or all numbers, or name the classes in %s",
		l.list[number].key, stream.Quote(l.list[number].label), l.list[name].key, stream.Quote(l.list[name].label), stream.MetadataName)
}

// Held is the number of bytes that the table takes: of the heap, and of files that are mapped into memory.
func (t *Table) Held() (heap, mapped int64) {
	if t.file != nil {
		mapped += max(t.pages, t.file.Resident())
	}
	for _, f := range t.spilled {
		mapped += f.Resident()
	}
	return t.values + t.names, mapped
}

// InPlace reports whether small samples are read as they are.
func (t *Table) InPlace() bool {
	return t.array == nil || t.array.Shape[0] == 0 || t.places != nil || t.array.Row(0).Native()
}

// Err says whether a file that samples are left in is still as it was; nil if it is, or if there is none. What could not be read
// is zero. Whoever has used values asks before the results are used.
func (t *Table) Err() error {
	if t.file == nil {
		return nil
	}
	if err := t.file.Err(); err != nil {
		return fmt.Errorf("%s: %w", t.where, err)
	}
	return nil
}

// Len is the number of samples.
func (t *Table) Len() int { return len(t.labels) }

// Key returns the key of a sample, its number if it has none.
func (t *Table) Key(i int) string {
	if t.keys == nil {
		return arrayKey(i)
	}
	return t.keys[i]
}

// Label returns the class of a sample, -1 if it has none.
func (t *Table) Label(i int) int { return t.labels[i] }

// Classes returns the names of the classes: those of the options, else those of the data. Without names they are "0", "1",
// … up to the largest label.
func (t *Table) Classes() []string { return t.classes }

// Sample returns a sample, whose values can be read until Close, in the order C,D,H,W.
func (t *Table) Sample(i int) pixels.Source {
	if i < len(t.kept) {
		return t.kept[i]
	}
	if t.places != nil {
		shape := t.sizes.of(i)
		return &stretch{t.array.Planes(), t.places[i-len(t.kept)], dims.Count(shape[1:])}
	}
	return t.array.Row(i - len(t.kept)).Planes()
}

// Close releases memory and files.
func (t *Table) Close() error {
	own := t.own
	t.own, t.array, t.kept = nil, nil, nil
	return own.Close()
}
