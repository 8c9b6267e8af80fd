package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
)

// maxLabel bounds labels of classes without names, because there are as many names and outputs as the largest label says.
// The largest public data sets have some ten thousand classes.
const maxLabel = 1<<20 - 1

// labels finds the classes that the labels of one source mean. All labels have to be of the same kind: numbers that are
// names beside numbers that are not, or -1 for class 0 beside 0, are an error.
type labels struct {
	names *stream.ClassNames
	named bool              // there are names
	to    []int             // the classes that names are returned as; nil: as they are
	note  func(line string) // is called once for labels that could be a mistake

	read [4]string // for each stream.LabelKind the key of the first sample with such a label
	zero string    // key of the first sample of class 0 whose label is not -1
	more string    // key of the first sample of a class above 1
}

// newLabels returns the labels of classes with these names, or without names if there are none.
func newLabels(classes []string, note func(line string)) labels {
	return labels{names: stream.NewClassNames(classes), named: len(classes) > 0, note: note}
}

// find returns the class of the sample with that key and label.
func (l *labels) find(key, label string) (int, error) {
	class, as, err := l.names.Find(label)
	if err == nil && !l.named && class > maxLabel {
		err = fmt.Errorf("label %d is more than the limit of %d", class, maxLabel)
	}
	if err == nil {
		err = l.agree(key, class, as)
	}
	if err != nil {
		return 0, &LabelError{fmt.Errorf("sample %s: %w", key, err)}
	}
	if l.to != nil {
		class = l.to[class]
	}
	return class, nil
}

// A LabelError is an error about what labels mean, or about the classes that the data name: there would be none without labels.
type LabelError struct{ error }

// Unwrap returns the error itself.
func (e *LabelError) Unwrap() error { return e.error }

// agree remembers the kind of a label, and returns an error if it does not go with those before.
func (l *labels) agree(key string, class int, as stream.LabelKind) error {
	first := func(place *string) {
		if *place == "" {
			*place = key
		}
	}
	if as == stream.SignLabel && l.read[as] == "" {
		l.note("label -1 is taken for class 0 of two")
	}
	first(&l.read[as])
	switch {
	case as == stream.SignLabel:
	case class == 0:
		first(&l.zero)
	case class > 1:
		first(&l.more)
	}
	minus, name, number := l.read[stream.SignLabel], l.read[stream.NameLabel], l.read[stream.NumberLabel]
	switch {
	case minus != "" && l.zero != "":
		return fmt.Errorf("label -1 means class 0 where labels are -1 and 1, but not beside label 0 (samples %s and %s); number the classes from 0", minus, l.zero)
	case minus != "" && l.more != "" && !l.named:
		return fmt.Errorf("label -1 means class 0 where labels are -1 and 1, but not beside others (samples %s and %s); number the classes from 0", minus, l.more)
	case name != "" && number != "":
		return fmt.Errorf("the classes are named by numbers; the label of sample %s is such a name, that of sample %s is not", name, number)
	}
	return nil
}

// OneEach reports whether an array of that shape holds one element for each of n samples: [N], [N,1] or [1,N].
func OneEach(shape []int, n int) bool {
	along := 0
	for _, size := range shape {
		if size != 1 {
			along++
		}
	}
	return len(shape) > 0 && along <= 1 && dims.Count(shape) == n
}

// array finds the classes of n samples by an array of numbers or texts. If the classes have no names yet, texts name them,
// and names are these names.
func (l *labels) array(a *npy.Array, n int) (classes []int, names []string, err error) {
	if !OneEach(a.Shape, n) {
		if len(a.Shape) == 1 {
			return nil, nil, fmt.Errorf("%d labels for %d samples", a.Len(), n)
		}
		hint := ""
		if len(a.Shape) == 2 && a.Shape[0] == n {
			if hint = "; of rows with a 1 for the class take argmax(axis=1)"; !mayBeHot(a) {
				hint = "; take the column of the labels alone, such as y[:, 1], or usecols=1 in np.loadtxt"
			}
		}
		return nil, nil, fmt.Errorf("array of shape %v; want one label for each of %d samples, [N], [N,1] or [1,N]%s", a.Shape, n, hint)
	}
	switch {
	case !a.IsText():
		classes, err = l.numbers(a)
	case l.named:
		classes, err = l.texts(a)
	default:
		if classes, names, err = NameClasses(a); err == nil {
			l.note(Numbering(names))
		}
	}
	return classes, names, err
}

// mayBeHot reports whether an array may have a row a sample with a 1 for its class: it has no texts, and no whole numbers but 0 and 1.
func mayBeHot(a *npy.Array) bool {
	if a.IsText() {
		return false
	}
	whole, err := a.Int64()
	return err != nil || !slices.ContainsFunc(whole, func(v int64) bool { return v < 0 || v > 1 })
}

// numbers finds the classes that numbers mean.
func (l *labels) numbers(a *npy.Array) ([]int, error) {
	whole, err := a.Int64()
	if err != nil {
		return nil, err
	}
	classes, known := make([]int, len(whole)), map[int64]int{}
	for i, v := range whole {
		if !l.named && v > 1 && v <= maxLabel && l.more != "" { // nothing new to find or to remember
			classes[i] = int(v)
			continue
		}
		class, ok := known[v]
		if !ok {
			var err error
			if class, err = l.find(arrayKey(i), strconv.FormatInt(v, 10)); err != nil {
				return nil, err
			}
			known[v] = class
			if int64(class) != v && l.read[stream.NameLabel] == arrayKey(i) {
				l.note(fmt.Sprintf("labels are names of classes, as these are numbers: %d is class %d", v, class))
			}
		}
		classes[i] = class
	}
	return classes, nil
}

// texts finds the classes that texts mean, which must be names of classes.
func (l *labels) texts(a *npy.Array) ([]int, error) {
	classes, known := make([]int, a.Len()), map[string]int{}
	err := a.Texts(func(i int, text []byte) error {
		class, ok := known[string(text)]
		if !ok {
			var err error
			if class, err = l.find(arrayKey(i), string(text)); err != nil {
				return err
			}
			known[string(text)] = class
		}
		classes[i] = class
		return nil
	})
	return classes, err
}

// maxNames bounds the names in an array of texts, in bytes.
const maxNames = 32 << 20

// NameClasses takes the texts of an array as names of classes. These are numbered in the order of their names, by code points
// or bytes, as scikit-learn's LabelEncoder does.
func NameClasses(a *npy.Array) (classes []int, names []string, err error) {
	classes = make([]int, a.Len())
	seen, size := map[string]int{}, 0 // in the order of appearance
	err = a.Texts(func(i int, text []byte) error {
		class, ok := seen[string(text)]
		if !ok {
			if size += len(text); size > maxNames || len(names) > maxLabel {
				return fmt.Errorf("%d different labels in %d, more than there can be classes", len(names)+1, i+1)
			}
			class = len(names)
			names = append(names, string(text))
			seen[names[class]] = class
		}
		classes[i] = class
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	slices.Sort(names)
	to := make([]int, len(names))
	for i, name := range names {
		to[seen[name]] = i
	}
	for i, class := range classes {
		classes[i] = to[class]
	}
	return classes, names, stream.CheckClasses(names)
}

// Numbering returns a line that says which class has which number.
func Numbering(names []string) string {
	const most = 10
	line := fmt.Sprintf("labels are names of %d classes:", len(names))
	for i, name := range names {
		if i == most && len(names) > most+1 {
			return fmt.Sprintf("%s … %d %s", line, len(names)-1, stream.Quote(names[len(names)-1]))
		}
		line += fmt.Sprintf(" %d %s", i, stream.Quote(name))
		if i < len(names)-1 {
			line += ","
		}
	}
	return line
}

// fileLabels reads the labels of n samples from the file Options.Labels, if there is one.
func fileLabels(o Options, n int) ([]int, []string, error) {
	if o.Labels == "" {
		if o.NeedLabels {
			return nil, nil, &AdvisedError{Err: errors.New("an array of samples has no labels"), Advice: GiveLabels}
		}
		return nil, nil, nil
	}
	f, err := npy.OpenText(o.Labels)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return nil, nil, fmt.Errorf("labels %s: %w", o.Labels, pe.Err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("labels %s: %w", o.Labels, err)
	}
	defer f.Close()
	classes, names, err := o.arrayLabels(f.Array, n)
	if err = cmp.Or(f.Err(), err); err != nil {
		return nil, nil, fmt.Errorf("labels %s: %w", o.Labels, err)
	}
	return classes, names, nil
}

// arrayLabels finds the classes of n samples by an array.
func (o Options) arrayLabels(a *npy.Array, n int) ([]int, []string, error) {
	if o.NoLabels {
		return nil, nil, nil
	}
	if o.Numbers && a.IsText() {
		return nil, nil, &LabelError{fmt.Errorf("labels are texts, but those of %s are numbers", o.Whose)}
	}
	l := newLabels(o.Classes, o.Note)
	classes, names, err := l.array(a, n)
	if err != nil {
		return nil, nil, &LabelError{err}
	}
	return classes, names, nil
}
