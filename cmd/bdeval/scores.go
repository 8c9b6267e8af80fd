package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"sync/atomic"
	"unsafe"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/machine"
	"backdrop/lib/metric"
	"backdrop/lib/net"
	"backdrop/lib/parallel"
)

// scored is samples with their scores and labels.
type scored struct {
	from     string // where the scores are from, for errors
	network  bool   // they are a network's
	scale    metric.Scale
	columns  int       // 1, or one a class
	scores   []float64 // a row a sample; nil if they are in single
	single   []float32 // the same, of one column that fits into float32
	narrow   bool      // they are to be in single
	inPlace  bool      // the scores are those of a file
	positive string    // class that is told from all others; "": none is named
	labels   []int     // none if no figure needs them; for reading only
	classes  []string  // names, nil if there are none
	whole    bool      // the scores are integers that may be too long for float64
	copied   bool      // the labels are not those of a file
	mapped   int64     // bytes of files that are mapped into memory, of scores and labels
	read     int64     // and of those that were read
	files    []opened  // that are mapped
	threads  int
	worst    *worst    // nil if not asked for
	input    net.Shape // of the samples of a network
}

func (sc *scored) len() int { return (len(sc.scores) + len(sc.single)) / sc.columns }

const (
	nearly = 0.01 // how far from [0, 1] scores may lie that look like probabilities
	far    = 0.1  // and how far scores lie that look like logits
)

// doubtful reports whether scores that are taken as logits look like probabilities.
func (sc *scored) doubtful() bool {
	return !sc.network && sc.scale == metric.Logits && sc.within(nearly)
}

// within reports whether all scores lie in [0, 1], or that far from it.
func (sc *scored) within(tolerance float64) bool {
	low, high := -tolerance, 1+tolerance
	outside := func(v float64) bool { return !(v >= low && v <= high) }
	return !slices.ContainsFunc(sc.scores, outside) &&
		!slices.ContainsFunc(sc.single, func(v float32) bool { return outside(float64(v)) })
}

// where says where scores lie that look like probabilities.
func (sc *scored) where() string {
	if sc.within(0) {
		return sc.from + " lie in [0, 1]"
	}
	return fmt.Sprintf("%s lie in [0, 1], or within %g of it", sc.from, nearly)
}

// write writes the scores as float32, which is what a network computed.
func (sc *scored) write(w io.Writer) error {
	if err := npy.WriteHeader(w, npy.Float32, []int{sc.len(), sc.columns}); err != nil {
		return err
	}
	const most = 16 << 10
	part := make([]float32, 0, most)
	for at := 0; at < len(sc.scores); at += most {
		part = part[:0]
		for _, v := range sc.scores[at:min(at+most, len(sc.scores))] {
			part = append(part, float32(v))
		}
		if err := npy.WriteElements(w, npy.Float32, part); err != nil {
			return err
		}
	}
	return nil
}

// readLabelled reads scores and labels. If both are standard input, the labels come behind the scores.
func readLabelled(s tool.Stdio, c *config, notices *tool.Notices) (*scored, error) {
	stdin, labels := &stdinArrays{streams: s}, c.labels
	a, sc, err := openScores(stdin, c.scores, c.scale())
	if err != nil {
		return nil, err
	}
	sc.positive, sc.threads = c.positive, c.Threads
	y, err := stdin.open(labels, true)
	if err != nil {
		return nil, err
	}
	n := a.Shape[0]
	if !dataset.OneEach(y.Shape, n) {
		return nil, fmt.Errorf("%s has %d rows of scores, but %s has shape %v, want [%d]", sc.from, n, tool.InputName(labels), y.Shape, n)
	}
	ints, shared := y.Int64View()
	sc.mapped, sc.read, sc.files, sc.copied = stdin.mapped, stdin.read, stdin.files, !shared
	if err := sc.fits(n, c); err != nil {
		return nil, err
	}
	if shared && contains(ints, -1) {
		sc.copied = true
		if err := sc.fits(n, c); err != nil {
			return nil, err
		}
	}
	if err := sc.fill(a); err != nil {
		return nil, err
	}
	if y.IsText() {
		err = sc.nameClasses(y, func(line string) { notices.Add("reading " + tool.InputName(labels) + ": " + line) })
	} else {
		err = sc.number(y)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", tool.InputName(labels), err)
	}
	return sc, stdin.end()
}

// number takes the labels out of an array of numbers.
func (sc *scored) number(y *npy.Array) error {
	ints, shared := y.Int64View()
	if !shared {
		var err error
		if ints, err = y.Int64(); err != nil {
			return err
		}
	}
	if sc.labels = toInts(ints); sc.copied { // else there is no -1
		sc.nameSigns(shared)
	}
	return nil
}

// nameClasses takes the labels, and the names of the classes, out of an array of texts.
func (sc *scored) nameClasses(y *npy.Array, note func(string)) (err error) {
	if sc.labels, sc.classes, err = dataset.NameClasses(y); err != nil {
		return err
	}
	if n := len(sc.classes); sc.columns > 1 && n != sc.columns {
		return fmt.Errorf("labels are names of %d classes (%s), but there are scores of %d, and which are whose is not known; save labels as numbers from 0, in the order of the columns", n, stream.List(sc.classes), sc.columns)
	}
	note(dataset.Numbering(sc.classes))
	return nil
}

// toInts shares memory where an int has 64 bits.
func toInts(v []int64) []int {
	if strconv.IntSize == 64 {
		return unsafe.Slice((*int)(unsafe.Pointer(unsafe.SliceData(v))), len(v))
	}
	ints := make([]int, len(v))
	for i, x := range v {
		ints[i] = int(x)
	}
	return ints
}

// nameSigns makes of labels -1 and 1 classes of these names. shared: the labels may be the file.
func (sc *scored) nameSigns(shared bool) {
	if sc.columns > 2 || !contains(sc.labels, -1) || slices.ContainsFunc(sc.labels, func(y int) bool { return y != -1 && y != 1 }) {
		return
	}
	sc.classes = []string{"-1", "1"}
	if shared {
		sc.labels = slices.Clone(sc.labels)
	}
	for i, y := range sc.labels {
		sc.labels[i] = (y + 1) / 2
	}
}

// contains is slices.Contains on all processors.
func contains[T comparable](s []T, v T) bool {
	const block = 1 << 16 // that one processor takes at a time
	var found atomic.Bool
	parallel.All((len(s)+block-1)/block, func(i int) {
		if !found.Load() && slices.Contains(s[i*block:min((i+1)*block, len(s))], v) {
			found.Store(true)
		}
	})
	return found.Load()
}

// openScores opens an array of scores, which have still to be filled in.
func openScores(stdin *stdinArrays, name string, scale metric.Scale) (*npy.Array, *scored, error) {
	a, err := stdin.open(name, false)
	if err != nil {
		return nil, nil, err
	}
	sc := &scored{from: tool.InputName(name), scale: scale, columns: 1}
	switch len(a.Shape) {
	case 1:
	case 2:
		sc.columns = a.Shape[1]
	default:
		return nil, nil, fmt.Errorf("reading %s: scores must have shape [N] or [N,K], got %v", sc.from, a.Shape)
	}
	if a.Len() == 0 {
		return nil, nil, fmt.Errorf("reading %s: no scores, the shape is %v", sc.from, a.Shape)
	}
	if sc.columns == 1 {
		sc.narrow = a.DType.FitsFloat32()
		if sc.single, sc.inPlace = a.Float32View(); !sc.inPlace {
			sc.scores, sc.inPlace = a.Float64View()
		}
	}
	sc.whole = a.DType == npy.Int64 || a.DType == npy.Uint64
	return a, sc, nil
}

// fill takes the scores out of their array, unless they are used where they are. Integers that become ties are an error.
func (sc *scored) fill(a *npy.Array) error {
	if sc.inPlace {
		return nil
	}
	if sc.narrow {
		var err error
		sc.single, err = a.Float32()
		return err
	}
	sc.scores = a.Float64() // not rounded to float32, so that scores that differ do not become ties
	if i, j, found := a.Alike(); found {
		place := func(i int) string {
			if sc.columns == 1 {
				return fmt.Sprintf("row %d", i)
			}
			return fmt.Sprintf("row %d, column %d", i/sc.columns, i%sc.columns)
		}
		try := "subtract the smallest first"
		if slices.Max(sc.scores)-slices.Min(sc.scores) > 1<<53 {
			try = "give numbers of a smaller range"
		}
		return fmt.Errorf("reading %s: scores of %s and of %s differ, but are both %.0f as float64, which holds integers to 2^53; %s", sc.from, place(i), place(j), sc.scores[i], try)
	}
	return nil
}

// stdinArrays opens arrays in files, and takes one after the other from standard input. Only where texts are wanted may they
// be of texts.
type stdinArrays struct {
	streams      tool.Stdio
	r            io.Reader
	mapped, read int64 // bytes of files, and of standard input
	files        []opened
}

// opened is a file that stays mapped.
type opened struct {
	name string
	file *npy.File
}

// unchanged returns an error if one of the files is not as it was when it was opened.
func (sc *scored) unchanged() error {
	for _, f := range sc.files {
		if err := f.file.Err(); err != nil {
			return fmt.Errorf("reading %s: %w", f.name, err)
		}
	}
	return nil
}

func (in *stdinArrays) open(name string, texts bool) (*npy.Array, error) {
	open, read := npy.Open, npy.Read
	if texts {
		open, read = npy.OpenText, npy.ReadText
	}
	if name != "-" {
		f, err := open(name) // stays mapped to the end of the program
		if err == nil {
			if in.mapped += f.Mapped(); f.Mapped() == 0 {
				in.read += int64(f.Len() * f.DType.Size())
			}
			in.files = append(in.files, opened{name, f})
			return f.Array, nil
		}
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			return nil, err
		}
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if in.r == nil {
		r, err := in.streams.Stdin()
		if err != nil {
			return nil, err
		}
		in.r = r
	}
	have, _ := machine.Memory()
	a, err := read(in.r, have)
	if err == io.EOF {
		err = errors.New("no array there")
	}
	if err != nil {
		return nil, fmt.Errorf("reading stdin: %w", err)
	}
	in.read += int64(a.Len() * a.DType.Size())
	return a, nil
}

// end makes sure that standard input, if it was read, ends where the last array does.
func (in *stdinArrays) end() error {
	if in.r == nil {
		return nil
	}
	if _, err := bufio.NewReader(in.r).ReadByte(); err != io.EOF {
		if err == nil {
			err = errors.New("data after the last array")
		}
		return fmt.Errorf("reading stdin: %w", err)
	}
	return nil
}

// countFromOne reports whether the labels may count from 1: there are samples of all classes but 0, and these are numbers.
func (sc *scored) countFromOne() bool {
	if sc.columns < 3 || len(sc.classes) > 0 && sc.classes[0] != "0" || len(sc.labels) == 0 {
		return false
	}
	seen, missing := make([]bool, sc.columns), sc.columns
	for _, y := range sc.labels {
		if y >= 0 && y < len(seen) && !seen[y] {
			seen[y] = true
			missing--
		}
	}
	return missing == 1 && !seen[0]
}
