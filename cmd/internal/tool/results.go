package tool

import "io"

// Results are the outputs of one run: all appear, or none does. Either Commit or Abort ends them; Abort after Commit does
// nothing.
type Results struct {
	streams Streams
	outs    []*Output
}

// Results returns a set without outputs.
func (s Streams) Results() *Results { return &Results{streams: s} }

// Create opens a further output (Streams.Create).
func (r *Results) Create(name string, content Content) (*Output, error) {
	out, err := r.streams.Create(name, content)
	if err == nil {
		r.outs = append(r.outs, out)
	}
	return out, err
}

// Write opens a further output and writes it.
func (r *Results) Write(name string, content Content, write func(io.Writer) error) error {
	out, err := r.Create(name, content)
	if err != nil {
		return err
	}
	return write(out)
}

// Commit puts all outputs in their places, in the order in which they were opened, once all are on disk. Those that
// were committed or given up before stay as they are.
func (r *Results) Commit() error {
	defer r.Abort()
	for _, out := range r.outs {
		if err := out.ready(); err != nil {
			return err
		}
	}
	for _, out := range r.outs {
		if err := out.publish(); err != nil {
			return err
		}
	}
	return nil
}

// Abort gives up what is not in its place.
func (r *Results) Abort() {
	for _, out := range r.outs {
		out.Abort()
	}
}
