package run

import (
	"encoding/json"
	"fmt"

	"backdrop/lib/data"
)

// checkpointFormat is 1 since a checkpoint can be taken inside an epoch, and 2 since the samples of one epoch are taken in
// their order, whatever else is asked for.
const checkpointFormat = 2

// Checkpoint is what a checkpoint adds to a model, besides arrays. The model's weights are those after the last step.
type Checkpoint struct {
	Format int `json:"format"`
	Position
	Samples int              `json:"samples"`       // of the training data; 0 if they are read once
	Data    data.Fingerprint `json:"data,omitzero"` // of them
	Val     data.Fingerprint `json:"val,omitzero"`  // of the validation data
}

// Names of the arrays of weights among the state of a checkpoint: those after the last finished epoch, and those of the best
// one. They are members PARAMETER.NAME, beside the optimiser's.
const (
	FinishedWeights = "finished"
	BestWeights     = "best"
)

// A FormatError is a checkpoint of a format that a run cannot go on from.
type FormatError struct{ Format, Newest int }

// Error says which format it is, and which is wanted.
func (e *FormatError) Error() string {
	return fmt.Sprintf("run: the checkpoint is of format %d, want %d", e.Format, e.Newest)
}

// JSON is the checkpoint as a model file holds it.
func (c Checkpoint) JSON() (json.RawMessage, error) {
	c.Format = checkpointFormat
	return json.Marshal(c)
}

// ParseCheckpoint reads what JSON wrote, of a run with that number of epochs. Older formats are read, but for those whose runs
// would go on to other results: of these the error is a
// FormatError.
func ParseCheckpoint(text json.RawMessage, epochs int) (c Checkpoint, err error) {
	if err := json.Unmarshal(text, &c); err != nil {
		return c, err
	}
	shuffledOnce := c.Format == 1 && epochs == 1 && c.Samples > 0
	if shuffledOnce || c.Format < 1 || c.Format > checkpointFormat {
		return c, &FormatError{c.Format, checkpointFormat}
	}
	return c, nil
}
