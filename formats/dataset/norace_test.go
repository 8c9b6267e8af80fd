//go:build !race

package dataset

const raced = false
