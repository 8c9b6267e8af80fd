// Package tool is what the four commands share: how they read and write, their exit codes, and the one line that they
// print when something goes wrong.
//
// Exit codes: 0 done; 1 failed (I/O, bad data); 2 wrong usage; 3 done, but a figure that was asked for is undefined;
// 4 training diverged; 130 interrupted. Standard output carries results only; everything else goes to standard
// error. A result is complete or it is not there: after an error nothing that is buffered is written, and a file named
// with -o gets its name only when it is complete.
package tool

// Version is the version of all four tools, written into what they make.
const Version = "0.1.0"
