package main

import (
	"fmt"
	"os"
)

// requests are signals that ask for a checkpoint (SIGUSR1, where there is one). They are received from the start of the program
// and wait for the goroutine that trains, which answers between two steps. Several that wait get one checkpoint.
type requests <-chan os.Signal

// serve answers what has been asked for.
func (q requests) serve(answer func()) {
	select {
	case <-q:
		answer()
	default:
	}
}

// await calls read and answers what is asked for meanwhile: a pipe may be silent for long.
func await[T any](q requests, answer func(), read func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read()
		done <- result{value, err}
	}()
	for {
		select {
		case r := <-done:
			return r.value, r.err
		case <-q:
			answer()
		}
	}
}

// answer writes the checkpoint that was asked for. Whatever comes of it, the training goes on.
func (r *fitting) answer() {
	if r.c.checkpoint == "" {
		fmt.Fprintln(r.progress, "bdtrain: SIGUSR1 asks for a checkpoint, but there is no --checkpoint FILE; the training goes on")
		return
	}
	if err := r.saveCheckpoint(); err != nil {
		fmt.Fprintf(r.progress, "bdtrain: SIGUSR1: %v; the training goes on\n", err)
		return
	}
	r.progress.Printf("checkpoint of step %d in %s\n", r.trainer.Steps(), r.c.checkpoint)
}
