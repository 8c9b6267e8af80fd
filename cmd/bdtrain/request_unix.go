//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// hearRequests takes SIGUSR1 for a request from now on. Before, and in the other tools, it has no effect (os/signal).
func hearRequests() requests {
	q := make(chan os.Signal, 1)
	signal.Notify(q, syscall.SIGUSR1)
	return q
}
