// Package contract tests what the README promises of the four tools together, on the programs as they are built: the same
// bytes for the same flags, exit codes, memory, and that nothing is lost or left behind under faults.
package contract
