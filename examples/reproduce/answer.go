package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// answer says in plain words whether masks help by the figure that arms are compared by, and which other way to train has the
// highest mean.
func (r *report) answer(runs []*run) []string {
	names := arms(runs)
	base := names[0]
	var masks, others []difference
	for _, d := range r.compare(runs, r.figure().Key) {
		if w, _, _, _ := r.parts(d.arm); d.base != base {
			continue
		} else if w.masks {
			masks = append(masks, d)
		} else {
			others = append(others, d)
		}
	}
	means := fmt.Sprintf("%s %s", r.mean(runs, base), r.with(base, runs))
	if len(masks) > 0 {
		parts := []string{means}
		for _, d := range masks {
			parts = append(parts, fmt.Sprintf("%s %s", r.mean(runs, d.arm), r.with(d.arm, runs)))
		}
		means = and(parts)
	}
	answers := []string{r.verdictOf(masks, runs, means)}
	if len(others) > 0 {
		answers = append(answers, r.bestOf(others, masks, runs))
	}
	return answers
}

// verdictOf is the sentence about the arms with masks, and the list of their means.
func (r *report) verdictOf(masks []difference, runs []*run, means string) string {
	figure := r.figure().Name
	if len(masks) == 0 {
		return fmt.Sprintf("Masks were not compared: the mean %s is %s.", figure, means)
	}
	if n := leastSeeds(masks); n < fewest {
		return fmt.Sprintf("Too early to say: %s cannot tell, %s are the least that can. So far the mean %s is %s.", plural(n, "seed"), written(fewest), figure, means)
	}
	with := map[verdict]string{}
	for _, v := range []verdict{higher, hintHigher, hintLower, lower} {
		var found []string
		for _, d := range masks {
			if d.verdict(r.comparisons(runs)) == v {
				found = append(found, r.with(d.arm, runs))
			}
		}
		with[v] = and(found)
	}
	sentence := ""
	switch samples := r.samples(); {
	case with[higher] != "":
		sentence = fmt.Sprintf("Yes: %s the %s is higher %s. Its mean is %s.", samples, figure, with[higher], means)
	case with[hintHigher] != "":
		sentence = fmt.Sprintf("Perhaps: %s there is a hint that the %s is higher %s. Its mean is %s.", samples, figure, with[hintHigher], means)
		with[hintHigher] = ""
	default:
		sentence = fmt.Sprintf("No: %s masks do not raise the %s. Its mean is %s.", samples, figure, means)
	}
	var more []string
	for _, v := range []struct {
		verdict
		words string
	}{{lower, "It is lower"}, {hintLower, "A hint says that it is lower"}, {hintHigher, "A hint says that it is higher"}} {
		if with[v.verdict] != "" {
			more = append(more, fmt.Sprintf(" %s %s.", v.words, with[v.verdict]))
		}
	}
	return sentence + strings.Join(more, "")
}

// bestOf is the sentence about the arms without masks, of which one has the highest mean.
func (r *report) bestOf(others, masks []difference, runs []*run) string {
	best := slices.MaxFunc(others, func(a, b difference) int { return cmp.Compare(a.estimate.Mean.Mean, b.estimate.Mean.Mean) })
	with, mean := r.with(best.arm, runs), r.mean(runs, best.arm)
	name := strings.TrimPrefix(with, "with ")
	name = strings.ToUpper(name[:1]) + name[1:]
	above := func(d difference) bool { return d.estimate.Mean.Mean >= best.estimate.Mean.Mean }
	switch v := best.verdict(r.comparisons(runs)); {
	case v == higher:
		return fmt.Sprintf("%s did better: %s.", name, mean)
	case v == hintHigher:
		return fmt.Sprintf("%s did better, by a hint: %s.", name, mean)
	case best.estimate.Mean.Mean <= 0 || slices.ContainsFunc(masks, above):
		if v == early {
			return fmt.Sprintf("%s did no better so far: %s.", name, mean)
		}
		return fmt.Sprintf("%s did no better: %s.", name, mean)
	case v == early:
		return fmt.Sprintf("%s did best so far: %s.", name, mean)
	}
	return fmt.Sprintf("%s did best, %s, but not by enough to rule out chance.", name, mean)
}

// with is how a sentence says an arm: by its way to train or, if several arms have it, by its name.
func (r *report) with(arm string, runs []*run) string {
	w, _, _, ok := r.parts(arm)
	same := func(other string) bool {
		v, _, _, ok := r.parts(other)
		return ok && other != arm && v.name == w.name
	}
	if !ok || slices.ContainsFunc(arms(runs), same) {
		return "with " + r.names[arm]
	}
	return w.with
}

// mean is that of an arm, by the figure that arms are compared by.
func (r *report) mean(runs []*run, arm string) string {
	return strconv.FormatFloat(stat.Mean(values(runs, r.figure().Key, arm), nil), 'f', 3, 64)
}

// comparisons is how many differences are judged together.
func (r *report) comparisons(runs []*run) int { return len(r.compare(runs, r.figure().Key)) }

// samples says with how many samples the runs learn.
func (r *report) samples() string {
	n := r.train
	if n == 0 {
		n = r.numbers["TRAIN"]
	}
	return strings.ReplaceAll(r.Samples, "{TRAIN}", strconv.Itoa(n))
}

// method says what the numbers in the tables are.
func (r *report) method(runs []*run) string {
	least, most := r.leastSeeds(runs), r.mostSeeds(runs)
	parentheses := "In parentheses are 95 % intervals over seeds (bootstrap)"
	switch {
	case most < fewest:
		parentheses = "In parentheses are the lowest and the highest seed, which are no interval"
	case least < fewest:
		parentheses += " or, of fewer than six seeds, the lowest and the highest"
	}
	if r.Tune {
		return parentheses + "."
	}
	text := parentheses + ". Differences are paired by seed; the effect size is their mean over their deviation. "
	if most >= fewest {
		return text + "A difference is called one if its interval does not hold 0 and the sign test agrees at 0.05 divided by the number of comparisons, and a hint if only the interval does."
	}
	return text + "Fewer than six seeds have no verdict: even if all of them agree, the sign test does not."
}

// leastSeeds and mostSeeds are the smallest and the largest number of runs of an arm.
func (r *report) leastSeeds(runs []*run) int {
	least := len(runs)
	for _, arm := range arms(runs) {
		least = min(least, len(values(runs, r.figure().Key, arm)))
	}
	return least
}

func (r *report) mostSeeds(runs []*run) (most int) {
	for _, arm := range arms(runs) {
		most = max(most, len(values(runs, r.figure().Key, arm)))
	}
	return most
}

// leastSeeds is the smallest number of seeds of a difference.
func leastSeeds(all []difference) int {
	return slices.MinFunc(all, func(a, b difference) int { return a.Seeds - b.Seeds }).Seeds
}

// and joins the parts of a list.
func and(parts []string) string {
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return strings.Join(parts, "")
}

func plural(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%s %ss", written(n), what)
}

// written is a small number in letters.
func written(n int) string {
	if words := []string{"no", "one", "two", "three", "four", "five", "six"}; n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}
