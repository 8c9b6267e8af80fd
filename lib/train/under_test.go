package train

import (
	"errors"
	"sync"
	"testing"
	"time"

	"backdrop/lib/run"
)

// While Fit works, another goroutine sees both passes of steps and validations, each from 0 to 1.
func TestUnder(t *testing.T) {
	c := config()
	c.Epochs, c.ValBatch = 100000, 3
	trainer, _ := newTrainer(t, c)
	seen := map[Activity]int{}
	var watching sync.WaitGroup
	stop, enough := make(chan struct{}), make(chan struct{})
	watching.Go(func() {
		for all := false; ; {
			select {
			case <-stop:
				return
			default:
			}
			u := trainer.Under()
			seen[u.Activity]++
			if !(u.Part >= 0 && u.Part <= 1 && u.Step >= 0 && u.Step <= 1) {
				t.Errorf("under way is %+v", u)
			}
			if !all && seen[Forward] > 0 && seen[Backward] > 0 && seen[Validating] > 0 {
				all = true
				close(enough)
			}
		}
	})
	ended := errors.New("seen")
	deadline := time.Now().Add(20 * time.Second)
	err := trainer.Fit(t.Context(), newSet(40, 1), newSet(40, 2), func(run.Record) error {
		select {
		case <-enough:
			return ended
		default:
		}
		if time.Now().After(deadline) {
			return ended
		}
		return nil
	})
	close(stop)
	watching.Wait()
	if err != ended || seen[Forward] == 0 || seen[Backward] == 0 || seen[Validating] == 0 {
		t.Errorf("%v, seen %v", err, seen)
	}
	if u := trainer.Under(); u != (Under{}) {
		t.Errorf("behind the end, under way is %+v", u)
	}
}
