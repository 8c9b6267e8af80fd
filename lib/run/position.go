package run

import (
	"errors"
	"fmt"

	"backdrop/lib/data"
)

// Position says where a run stands.
type Position struct {
	Epoch     int     `json:"epoch"`                // finished epochs
	Step      int     `json:"step"`                 // steps taken
	Updates   int     `json:"optim_steps"`          // steps of the optimiser
	Partial   Partial `json:"partial,omitzero"`     // the epoch under way; of a finished run whose samples are read once, these and their fingerprint
	BestLoss  float64 `json:"best_loss,omitempty"`  // lowest validation loss so far
	BestEpoch int     `json:"best_epoch,omitempty"` // when that was, from 1; 0: not yet
}

// Partial is what is known of an epoch before its end.
type Partial struct {
	Steps       int              `json:"steps"`
	Samples     int              `json:"samples"`
	Counted     int              `json:"counted"`        // samples of the steps whose loss was defined
	Hits        int              `json:"hits"`           // samples that were classified correctly
	Skipped     int              `json:"skipped"`        // steps whose loss was undefined
	Loss        float64          `json:"loss"`           // sum over the counted samples
	LR          float64          `json:"lr"`             // of the last step
	Fingerprint data.Fingerprint `json:"print,omitzero"` // of the samples, if they are read once
}

// Used are the samples of the epoch that were used.
func (p Partial) Used() data.Used {
	return data.Used{Samples: p.Samples, Fingerprint: p.Fingerprint}
}

// Validate reports numbers that no run can have come to.
func (p Position) Validate() error {
	part := p.Partial
	for _, n := range []int{p.Epoch, p.Updates, part.Skipped, part.Hits, part.Counted, p.BestEpoch, part.Steps} {
		if n < 0 {
			return fmt.Errorf("its progress has the number %d", n)
		}
	}
	if p.Step < p.Updates || p.Step < part.Steps || part.Samples < part.Steps || part.Counted > part.Samples || part.Hits > part.Samples || p.BestEpoch > p.Epoch {
		return errors.New("the numbers of its progress contradict each other")
	}
	return nil
}
