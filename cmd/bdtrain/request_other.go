//go:build !unix

package main

// hearRequests hears nothing: there is no such signal.
func hearRequests() requests { return nil }
