// Package tool is what the four commands share: how they read and write, which exit code they end with and the
// one line they print when something goes wrong.
//
// Exit codes: 0 done; 1 failed (I/O, bad data); 2 wrong usage; 3 done, but a figure that was asked for is undefined;
// 4 training diverged; 130 interrupted. Standard output carries results only; everything else goes to standard
// error. A result is whole or it is not there: after an error nothing buffered is flushed, and a file named with -o
// appears under its name only when it is complete.
package tool

// Version is the version of all four tools, written into what they make.
const Version = "0.1.0"
