// Package history reads the logs of training runs, a JSON object an epoch, and shows how the runs went.
//
// Runs whose logs are named ARM-SEED.jsonl are runs of one arm, a way to train. Memory follows what a log holds, and no
// number in it.
package history
