//go:build noasm

package contract

func init() { tags = "noasm" }
