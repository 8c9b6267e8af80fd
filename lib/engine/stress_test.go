package engine
import ("testing";"math/rand/v2")
func TestStress(t *testing.T) {
	for seed := range uint64(30) {
	for _, elements := range []int{1, 16, 200, 1000} {
			inBands(t, elements)
			r := rand.New(rand.NewPCG(uint64(elements), 1000+seed))
			for i := range 250 {
				if n := randomNetwork(r, true); len(n.Layers) > 0 {
					compare(t, r, n, 1+r.IntN(12), 1+i%3)
				}
			}
	} }
}
