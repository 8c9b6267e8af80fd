package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"backdrop/cmd/internal/tool"
	"backdrop/lib/train"
)

// once is how long an interrupt counts as one: timeout(1) sends its signal to the process and again to its group.
const once = time.Second

// interruptible returns a context that the first ^C, SIGTERM or SIGHUP ends; a later one kills the process as usual. A
// SIGHUP that is ignored stays so, as nohup(1) wants it. A reader of the progress lines that goes away does not end the
// training.
func interruptible(parent context.Context) (context.Context, context.CancelFunc) {
	signal.Ignore(syscall.SIGPIPE)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(parent, signals...)
	context.AfterFunc(ctx, func() { time.AfterFunc(once, stop) })
	return ctx, func() {
		if ctx.Err() == nil {
			stop()
		}
	}
}

// interruptibly opens something, which can take for ever if it is a named pipe, and gives up when the context ends.
func interruptibly[T any](ctx context.Context, open func() (T, error)) (T, error) {
	type opened struct {
		value T
		err   error
	}
	result := make(chan opened, 1)
	go func() {
		value, err := open()
		result <- opened{value, err}
	}()
	select {
	case r := <-result:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// noModel is what an interrupt leaves before there is more.
const noModel = " before the first epoch was finished; there is no model"

// ended gives the errors that end a run early their exit codes. left says what an interrupt leaves.
func ended(ctx context.Context, err error, left string) error {
	if interrupted(ctx, err) {
		return tool.Exit(tool.CodeInterrupted, fmt.Errorf("interrupted%s", left))
	}
	if d := (*train.Diverged)(nil); errors.As(err, &d) {
		return tool.Exit(tool.CodeDiverged, err)
	}
	return err
}

// interrupted reports whether a signal caused err.
func interrupted(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) && ctx.Err() != nil
}

// leavesModel reports whether a run that ended with this error still writes a model: interrupts and divergence, which have
// exit codes of their own, leave that of the last finished epoch intact.
func leavesModel(err error) bool {
	exit := (*tool.ExitError)(nil)
	return errors.As(err, &exit)
}

// contextReader ends a read that waits for data when the context ends, so that an interrupt works although
// nothing arrives through the pipe.
type contextReader struct {
	ctx   context.Context
	full  <-chan chunk
	empty chan<- []byte
	chunk chunk
	rest  []byte // of chunk.buf, not handed out yet
}

type chunk struct {
	buf []byte
	n   int
	err error
}

func newContextReader(ctx context.Context, r io.Reader) io.Reader {
	full := make(chan chunk)
	empty := make(chan []byte, 2) // one buffer is filled while the other is emptied
	for range cap(empty) {
		empty <- make([]byte, 256<<10)
	}
	go func() {
		for buf := range empty {
			n, err := r.Read(buf)
			select {
			case full <- chunk{buf, n, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return &contextReader{ctx: ctx, full: full, empty: empty}
}

// Read returns what was read ahead, or the error of the context.
func (c *contextReader) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		if c.chunk.err != nil {
			return 0, c.chunk.err
		}
		if c.chunk.buf != nil {
			c.empty <- c.chunk.buf
			c.chunk.buf = nil
		}
		select {
		case c.chunk = <-c.full:
			c.rest = c.chunk.buf[:c.chunk.n]
		case <-c.ctx.Done():
			return 0, c.ctx.Err()
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}
