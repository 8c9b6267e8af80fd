package engine

import (
	"testing"
	"time"

	"backdrop/lib/net"
	"backdrop/lib/pixels"
)

// While a pass runs its progress grows from 0 to 1, and Stop ends it before that.
func TestProgressAndStop(t *testing.T) {
	inBlocks(t, 2000)
	n, err := net.Preset("overlap", net.Shape{C: 1, H: 256, W: 256}, 2)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := newTestRunner(t, n, 2)
	r.Recompute(2)
	x, dout := pixels.InMemory([][]float32{make([]float32, n.Input.Len())}, 1), [][]float32{{1, -1}}
	seen := map[Phase]int{}
	watch := func(stopAt Phase, steps int) (last [3]float64) {
		done := make(chan bool)
		go func() {
			defer close(done)
			for range steps {
				r.Forward(x, r.DrawMasks(1, 0, 1))
				if r.Stopped() {
					return
				}
				r.Backward(dout, nil)
			}
		}()
		for {
			select {
			case <-done:
				return last
			default:
			}
			phase, part := r.Progress()
			if part < 0 || part > 1 {
				t.Errorf("phase %v: progress is %v", phase, part)
			}
			if part > 0 && part < 1 {
				seen[phase]++
				if last[phase] = part; phase == stopAt {
					r.Stop()
				}
			}
			time.Sleep(10 * time.Microsecond)
		}
	}
	watch(-1, 20)
	if seen[ForwardPhase] == 0 || seen[BackwardPhase] == 0 {
		t.Errorf("progress was seen %v times", seen)
	}
	begin := time.Now()
	watch(ForwardPhase, 1<<20)
	if !r.Stopped() || time.Since(begin) > 10*time.Second {
		t.Errorf("stopped: %v, after %v", r.Stopped(), time.Since(begin))
	}
}
