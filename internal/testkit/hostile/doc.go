// Package hostile is for tests only. It builds files that attack readers: reconstructions of attacks that were published
// against readers of the same formats, and functions that put such files together byte by byte, as no writer would.
package hostile
