// Package history shows how training runs went, from their logs (package run).
//
// Runs whose logs are named ARM-SEED.jsonl are runs of one arm, a way to train.
package history
