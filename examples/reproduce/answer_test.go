package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tried are runs of a study, with the accuracies of each arm by seed.
func tried(accuracies map[string][]float64, order ...string) []*run {
	var runs []*run
	for _, arm := range order {
		for i, v := range accuracies[arm] {
			runs = append(runs, &run{arm: arm, seed: i + 1, figures: map[string]float64{"accuracy": v, "loss": 1, trainLoss: 1, seconds: 1}})
		}
	}
	return runs
}

// around are ten values near a mean, with steps between them.
func around(mean, step float64) []float64 {
	v := make([]float64, 10)
	for i := range v {
		v[i] = mean + step*(float64(i)-4.5)
	}
	return v
}

// The page answers its question in plain words.
func TestAnswer(t *testing.T) {
	const none, fine, coarse, crop, decay = "none@0.0005", "fine@0.8@0.001", "coarse@0.5@0.001", "crop@64@0.003", "decay@1@0.001"
	mixed := []float64{0.7, 0.5, 0.7, 0.5, 0.7, 0.5, 0.7, 0.5, 0.7, 0.52} // its mean is above 0.6, as that of eight of ten seeds is
	for name, c := range map[string]struct {
		arms []string
		runs map[string][]float64
		want []string
	}{
		"higher": {[]string{none, fine}, map[string][]float64{none: around(0.6, 0.001), fine: around(0.7, 0.002)},
			[]string{"Yes: with 20 samples the test accuracy is higher with the fine mask. Its mean is 0.600 without masks and 0.700 with the fine mask."}},
		"lower": {[]string{none, fine, coarse, crop}, map[string][]float64{none: around(0.6, 0.001), fine: around(0.5, 0.002), coarse: around(0.6, 0.0012), crop: around(0.8, 0.002)},
			[]string{"No: with 20 samples masks do not raise the test accuracy. Its mean is 0.600 without masks, 0.500 with the fine mask and 0.600 with the coarse mask. It is lower with the fine mask.",
				"Random crops did better: 0.800."}},
		"chance": {[]string{none, fine, decay}, map[string][]float64{none: around(0.6, 0), fine: around(0.6, 0), decay: mixed},
			[]string{"No: with 20 samples masks do not raise the test accuracy. Its mean is 0.600 without masks and 0.600 with the fine mask.",
				"Weight decay did best, 0.602, but not by enough to rule out chance."}},
		"no better": {[]string{none, fine, crop}, map[string][]float64{none: around(0.6, 0.001), fine: around(0.7, 0.002), crop: around(0.5, 0.001)},
			[]string{"Yes: with 20 samples the test accuracy is higher with the fine mask. Its mean is 0.600 without masks and 0.700 with the fine mask.",
				"Random crops did no better: 0.500."}},
		"several of a kind": {[]string{none, "fine@0.5@0.001", fine}, map[string][]float64{none: around(0.6, 0), "fine@0.5@0.001": around(0.5, 0.001), fine: around(0.5, 0.001)},
			[]string{"No: with 20 samples masks do not raise the test accuracy. Its mean is 0.600 without masks, 0.500 with fine mask 0.5 and 0.500 with fine mask 0.8. It is lower with fine mask 0.5 and with fine mask 0.8."}},
		"five seeds": {[]string{none, fine, crop}, map[string][]float64{none: around(0.6, 0)[:5], fine: around(0.9, 0)[:5], crop: around(0.95, 0)[:5]},
			[]string{"Too early to say: five seeds cannot tell, six are the least that can. So far the mean test accuracy is 0.600 without masks and 0.900 with the fine mask.",
				"Random crops did best so far: 0.950."}},
		"no masks": {[]string{none, crop}, map[string][]float64{none: around(0.6, 0), crop: around(0.6, 0)},
			[]string{"Masks were not compared: the mean test accuracy is 0.600 without masks.", "Random crops did no better: 0.600."}},
		"alone": {[]string{none}, map[string][]float64{none: around(0.6, 0)}, []string{"Masks were not compared: the mean test accuracy is 0.600 without masks."}},
	} {
		r := &report{study: few}
		r.tabulate(tried(c.runs, c.arms...))
		if !slices.Equal(r.Answer, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(r.Answer, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// Differences that are hints are called so, of more than one comparison.
func TestAnswerHints(t *testing.T) {
	up := []float64{0.62, 0.62, 0.62, 0.62, 0.62, 0.62, 0.62, 0.59, 0.59, 0.62} // 8 of 10: p = 0.109
	down := make([]float64, len(up))
	for i, v := range up {
		down[i] = 1.2 - v
	}
	r := &report{study: few}
	r.tabulate(tried(map[string][]float64{"none@1": around(0.6, 0), "fine@0.8@1": up, "coarse@0.8@1": down}, "none@1", "fine@0.8@1", "coarse@0.8@1"))
	want := "Perhaps: with 20 samples there is a hint that the test accuracy is higher with the fine mask. Its mean is 0.600 without masks, 0.614 with the fine mask and 0.586 with the coarse mask. A hint says that it is lower with the coarse mask."
	if len(r.Answer) != 1 || r.Answer[0] != want {
		t.Errorf("got  %q\nwant %q", r.Answer, want)
	}
	if !strings.Contains(r.Method, "95 % intervals") || !strings.Contains(fmt.Sprint(r.Head[1].Rows), string(hintHigher)) {
		t.Errorf("%s, %v", r.Method, r.Head)
	}
}

// Arms have names that tell them apart, whatever their settings.
func TestLabels(t *testing.T) {
	got := few.labels([]string{"none@0.001", "none@0.0005", "fine@0.8@0.001", "crop@64@0.003", "else@x"})
	for arm, want := range map[string]string{
		"none@0.001": "no masks, rate 0.001", "none@0.0005": "no masks, rate 0.0005", "fine@0.8@0.001": "fine mask 0.8", "crop@64@0.003": "random crops of 64", "else@x": "else x",
	} {
		if got[arm] != want {
			t.Errorf("%s: %q, want %q", arm, got[arm], want)
		}
	}
	for _, s := range studies {
		for _, w := range s.ways {
			if w.label == "" || w.with == "" || w.text == "" || strings.Contains(w.label+w.text, "@") || (w.choices != "") != strings.Contains(w.label, "{CHOICE}") {
				t.Errorf("%s: %+v", s.name, w)
			}
		}
		if s.Backdrop == "" || s.Samples == "" {
			t.Errorf("%s does not say what backdrop is, or of how many samples", s.name)
		}
	}
	if got := inLines("random crops of 64"); got != "random\ncrops of\n64" {
		t.Errorf("got %q", got)
	}
}
