// Package hostile builds input that attacks readers, for tests. Attacks are those that were published against readers
// of the same formats; the rest lays such files out by hand, for no writer writes lies.
package hostile
