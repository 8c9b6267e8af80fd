package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"backdrop/cmd/internal/tool"
	"backdrop/formats/npy"
	"backdrop/formats/stream"
	"backdrop/lib/dims"
)

// generate draws what the options ask for and writes it where they say.
func generate(s tool.Stdio, o *options) error {
	total := o.numbers.count
	if o.n == 0 {
		total = 0
	}
	counter := tool.NewCounter("gpgen", "sample", total)
	quiet := o.Quiet || tool.IsStdin(o.Output) && !s.ToFile() // in a pipe the line belongs to the tool at its end
	shown := s.NewProgress(quiet, counter.Line)
	defer shown.Close()
	var progress func(done float64)
	if !quiet {
		progress = counter.Part
	}
	from, threads, err := o.source(progress)
	if err != nil {
		return tool.Advise(err, "--labels")
	}
	if file, ok := from.(io.Closer); ok {
		defer file.Close()
	}
	results := s.Results()
	defer results.Abort()
	out, err := results.Create(o.Output, tool.Binary)
	if err != nil {
		return err
	}
	sheet, err := newPreview(results, o, from)
	if err != nil {
		return err
	}
	each := func(emit func(number int, x stream.Parts) error) error {
		err := drawParts(from, o.numbers, threads, func(number int, x stream.Parts) error {
			shown, show := sheet.watch(number, x)
			if err := emit(number, shown); err != nil {
				return fmt.Errorf("sample %d: %w", number, tool.Advise(err, "--labels"))
			}
			counter.Step()
			return show()
		})
		if err != nil {
			return err
		}
		return sheet.finish()
	}
	if o.labels != "" {
		if err := results.Write(o.labels, tool.Binary, func(w io.Writer) error { return writeLabels(w, o, from) }); err != nil {
			return err
		}
	}
	write := writeArray
	if o.format == "stream" {
		write = writeStream
	}
	if err := write(out, o, from, each); err != nil {
		return err
	}
	return results.Commit()
}

// source is what draws the samples, and how many of them at a time. It tells progress, if it is not nil, how much of
// a sample is drawn.
func (o *options) source(progress func(done float64)) (from source, workers int, err error) {
	j := job{what: "drawing samples", try: "a smaller size"}
	if o.preview != "" {
		j.try += ", or no --preview"
	}
	if o.crossing == nil {
		j.beside = o.writing(dims.Count(o.spec.Shape)) + o.previewing(o.spec.Shape, len(o.spec.Classes()))
		if !o.isLarge() {
			from, workers, err := newSampler(o.spec, o.Threads, o.numbers.count, j)
			if err == nil && workers == 1 { // of samples that are drawn at the same time, none has a progress of its own
				from.Progress = progress
			}
			if err == nil || !o.spec.Large() {
				return from, workers, o.remedy(err)
			} // an embedding does not fit, or not two samples, of which one is written while the other is drawn
		}
		from, err := newLargeSampler(o, j, progress)
		return from, 1, o.remedy(err)
	}
	if err := o.crossing.check(o.numbers, o.start+o.n-1); err != nil {
		return nil, 0, fmt.Errorf("--fields: %w", err)
	}
	size := dims.Count(o.crossing.shape)
	j.beside = o.writing(size) + o.previewing(o.crossing.shape, len(o.crossing.classes))
	part := float64(o.crossing.part())
	need := func(workers int) float64 { return 8 * part * float64(workers) } // of a field, and of the sum
	if o.exceeds(j.beside+4*float64(size)+need(1)) && len(o.crossing.shape) > 1 {
		return largeCrossing{o.crossing}, 1, tool.Fits(fmt.Sprintf("%s of %d values", j.what, size), j.beside+need(1), j.try)
	}
	workers, _, err = share(o.Threads, o.numbers.count, size, need, j)
	return o.crossing, workers, err
}

// writing is the memory, in bytes, that writing samples of that many values takes.
func (o *options) writing(values int) float64 {
	if o.format == "stream" && o.compression == stream.Zstd {
		all := float64(o.numbers.count) * float64(values) * float64(o.element.Size())
		return float64(stream.WriterMemory(int64(min(all, math.MaxInt64/16))))
	}
	return 0
}

// An iterator calls its argument for every sample in turn.
type iterator func(emit func(number int, x stream.Parts) error) error

// writeStream writes the samples as a tensor stream.
func writeStream(w io.Writer, o *options, from source, each iterator) error {
	out, err := stream.NewWriter(w, o.compression)
	if err != nil {
		return err
	}
	extra, err := json.Marshal(o.about())
	if err != nil {
		return err
	}
	classes := from.Classes()
	err = out.WriteMetadata(stream.Metadata{Tool: "gpgen", Version: tool.Version, Command: o.command(), Classes: classes, Axes: "DHW"[3-len(from.Shape()):], Extra: extra})
	if err != nil {
		return err
	}
	err = each(func(number int, x stream.Parts) error {
		class := from.Class(number)
		info, err := json.Marshal(o.aboutSample(number, classes[class]))
		if err != nil {
			return err
		}
		return out.WriteParts(&stream.Sample{Key: fmt.Sprintf("%06d", number), Shape: from.Shape(),
			Label: class, HasLabel: true, Info: info}, o.element, x)
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// writeArray writes the samples as one array, [n, height, width] for images, one after the other.
func writeArray(w io.Writer, o *options, from source, each iterator) error {
	if err := npy.WriteHeader(w, o.element, append([]int{o.numbers.count}, from.Shape()...)); err != nil {
		return err
	}
	return each(func(_ int, x stream.Parts) error {
		done := 0
		return x(func(part []float32) error {
			err := npy.WriteElementsFrom(w, o.element, part, done)
			done += len(part)
			return err
		})
	})
}

// writeLabels writes the classes of the samples as an array [n], in pieces.
func writeLabels(w io.Writer, o *options, from source) error {
	if err := npy.WriteHeader(w, npy.Int64, []int{o.numbers.count}); err != nil {
		return err
	}
	var b [8]byte
	number := o.numbers.first
	for range o.numbers.count {
		binary.LittleEndian.PutUint64(b[:], uint64(from.Class(number)))
		if _, err := w.Write(b[:]); err != nil {
			return err
		}
		number += o.numbers.step
	}
	return nil
}
