package main

import (
	"fmt"
	"io"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/dataset"
	"backdrop/formats/stream"
	"backdrop/lib/pixels"
	"backdrop/lib/scale"
)

// onePass is samples that are read once, as training takes them. It also sees what they show only when they have gone by:
// their classes and their scale.
type onePass struct {
	samples *samples
	source  dataset.Source
	read    func() (*stream.Sample, error) // the next of the source
	first   *stream.Sample                 // read ahead, to know the shape
	inFile  bool                           // samples stay in their file, as the first does
	ended   error                          // that Next returned behind the last sample
	bound   int                            // labels must lie below it; 0: any
	past    past

	count    int
	classes  map[int]int   // how many samples of each
	moments  scale.Moments // of all samples so far
	before   *scale.Watch  // beside the samples that --init's model was trained with; may be nil
	decided  bool          // what the samples go through first
	decision scale.Normalisation
}

// past is what a checkpoint knew of the samples that its run had used. It holds until a run that goes on has passed over
// them, and knows as much itself.
type past struct {
	samples int
	scale   scale.Normalisation
	trained scale.Range
}

func newOnePass(d *samples, source dataset.Source, first *stream.Sample) *onePass {
	l := &onePass{samples: d, source: source, read: source.Next, first: first, inFile: first.Array != nil,
		classes: map[int]int{}, moments: scale.NewMoments(d.shape.C), before: d.watchInit()}
	if d.target.OneVsRest && d.c.Positive == "" {
		l.bound = 2
	}
	return l
}

// Release gives back the memory of a sample, if it takes any.
func (l *onePass) Release(x pixels.Source) {
	if m, ok := x.(*pixels.Memory); ok {
		l.source.Reuse(m.Values)
	}
}

// Err says whether a file that samples stay in is as it was.
func (l *onePass) Err() error { return l.source.Err() }

// Next returns the next sample, with its label as the loss sees it.
func (l *onePass) Next() (pixels.Source, int, error) {
	if l.ended != nil {
		return nil, 0, l.ended
	}
	if l.count == l.samples.c.Batch {
		l.decide() // also if these samples are only passed over, by a run that goes on
	}
	sample := l.first
	if l.first = nil; sample == nil {
		var err error
		sample, err = l.read()
		if err == io.EOF {
			l.ended = l.end()
			return nil, 0, l.ended
		}
		if err != nil {
			return nil, 0, tool.Advise(err, "--labels")
		}
	}
	if l.bound > 0 && sample.Label >= l.bound {
		unnamed := ""
		if l.source.Labels() == nil && len(l.source.Metadata().Classes) == 0 {
			unnamed = ", and no member __meta__/dataset.json before it names them"
		}
		return nil, 0, fmt.Errorf("sample %s: label %d, but there are only %d classes, numbered from 0%s", sample.Key, sample.Label, l.bound, unnamed)
	}
	x, shape, reading := sample.Source(), l.samples.shape, l.samples.shown.reading
	l.moments.Add(reading.Of(x), shape.Size().Product())
	if err := reading.Err(); err != nil {
		return nil, 0, err
	}
	l.count++
	l.classes[sample.Label]++
	if l.before != nil {
		l.before.Add(x, shape.C, shape.Size().Product())
	}
	return x, l.samples.target.Of(sample.Label), nil
}

// Normalisation is what the samples go through first, which those of the first step decide.
func (l *onePass) Normalisation() scale.Normalisation {
	l.decide()
	return l.decision
}

// decide chooses the normalisation by the samples so far, once.
func (l *onePass) decide() {
	if l.decided {
		return
	}
	l.decided = true
	l.decision = l.samples.normalisation(l.moments)
	if l.samples.c.measures() {
		l.samples.note(l.samples.c.scaled("the samples of the first step are", l.moments, l.decision, " by them"))
	}
}

// end is io.EOF, or says that the samples were not what they should have been.
func (l *onePass) end() error {
	if l.count > 0 {
		l.decide()
	}
	if err := l.samples.learnable(l.classes); err != nil {
		return err
	}
	if l.samples.c.measures() {
		if l.moments.Odd(l.decision) != nil {
			l.samples.note(fmt.Sprintf("all samples together are not of order one as those of the first step were (%s); with --normalise data all are looked at first, and kept",
				odd(l.moments, l.decision)))
		}
		l.samples.note(constants(l.moments, l.decision))
	}
	l.samples.note(l.samples.unlikeInit(l.moments, l.before))
	return io.EOF
}
