package tool

import "io"

// Results are the outputs of one run: all of them appear, or none. Commit or Abort ends them; Abort after Commit does nothing.
type Results struct {
	streams Stdio
	outs    []*Output
}

// Results returns Results without outputs.
func (s Stdio) Results() *Results { return &Results{streams: s} }

// Create opens another output (Stdio.Create).
func (r *Results) Create(name string, content Content) (*Output, error) {
	out, err := r.streams.Create(name, content)
	if err == nil {
		r.outs = append(r.outs, out)
	}
	return out, err
}

// Write opens another output and writes it.
func (r *Results) Write(name string, content Content, write func(io.Writer) error) error {
	out, err := r.Create(name, content)
	if err != nil {
		return err
	}
	return write(out)
}

// Commit puts all outputs in their places, in the order in which they were opened, after all of them are on disk. An output
// that has been committed or aborted by itself stays as it is.
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

// Abort gives up all outputs that are not in their places.
func (r *Results) Abort() {
	for _, out := range r.outs {
		out.Abort()
	}
}
