package main

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
	"backdrop/lib/data"
	"backdrop/lib/loss"
)

// classesOf counts the samples of each class, by their labels in the data.
func classesOf(set *data.Set) map[int]int {
	count := map[int]int{}
	for i := range set.Len() {
		count[set.Table.Label(set.Number(i))]++
	}
	return count
}

// checkClasses refuses data to train or to validate on that lack a class without which there is nothing to learn or to
// judge, and notes which classes --val-fraction or --fold leaves on one side only.
func (d *samples) checkClasses() error {
	if d.trained != nil {
		if err := d.learnable(d.trained); err != nil {
			return err
		}
	}
	switch {
	case d.c.val != "":
		if what := d.lacking(d.validated); what != "" {
			return fmt.Errorf("--val %s: %s; validate on other data", d.c.val, what)
		}
	case d.c.splits():
		return d.checkSplit()
	}
	return nil
}

// learnable refuses training data with that many samples of each class if the loss has nothing to learn from them.
func (d *samples) learnable(count map[int]int) error {
	what := d.lacking(count)
	switch {
	case what == "":
		return nil
	case d.c.fold.N > 0:
		return fmt.Errorf("%s leaves too little to train on: %s; name another class with --positive", d.c.split(), what)
	}
	return fmt.Errorf("reading %s: %s; name another class with --positive, or look at the labels", tool.InputName(d.c.data), what)
}

// lacking says what samples of these classes lack for the loss; "" if they do not.
func (d *samples) lacking(count map[int]int) string {
	if !d.target.OneVsRest {
		return ""
	}
	positive := models.ClassName(d.classes, d.target.Positive)
	switch n := d.sides(count); {
	case n[1] == 0:
		return fmt.Sprintf("no sample is of class %s, which --loss %s tells from the others, only of %s", positive, d.c.Loss, d.names(slices.Sorted(maps.Keys(count))))
	case n[0] == 0 && loss.NeedsBoth(d.c.Loss):
		return fmt.Sprintf("all samples are of class %s, and --loss %s compares them with others", positive, d.c.Loss)
	}
	return ""
}

// sides counts the samples that a loss of two classes sees as negative and as positive.
func (d *samples) sides(count map[int]int) (n [2]int) {
	for class, samples := range count {
		n[d.target.Of(class)] += samples
	}
	return n
}

// checkSplit looks at what --val-fraction or --fold leaves on each side.
func (d *samples) checkSplit() error {
	if d.target.OneVsRest {
		train, val := d.sides(d.trained), d.sides(d.validated)
		positive := models.ClassName(d.classes, d.target.Positive)
		if val[1] == 0 {
			return unsplit(d.c, "of class "+positive, train[1])
		}
		if val[0] == 0 && loss.NeedsBoth(d.c.Loss) {
			return unsplit(d.c, "of other classes than "+positive, train[0])
		}
	}
	var sides []string
	if lost := d.missing(d.validated, d.trained); lost != "" {
		sides = append(sides, lost+" to validate on")
	}
	if lost := d.missing(d.trained, d.validated); lost != "" {
		sides = append(sides, lost+" to train on")
	}
	if sides != nil {
		d.note(fmt.Sprintf("%s leaves no sample of %s", d.c.split(), someOf(sides, ", and none of ")))
	}
	return nil
}

// unsplit is the error of a part to validate on that has none of n samples.
func unsplit(c *config, which string, n int) error {
	switch {
	case n == 1:
		return fmt.Errorf("%s: there is only one sample %s, to train on, and --loss %s needs one to validate on; validate on other data with --val", c.split(), which, c.Loss)
	case c.groups != "":
		return fmt.Errorf("%s leaves no sample %s to validate on, which --loss %s needs, as the samples of a group stay together; try another --seed", c.split(), which, c.Loss)
	case c.fold.N > 0:
		return fmt.Errorf("%s leaves no sample %s to validate on, which --loss %s needs; there are %d: take no more folds than that", c.split(), which, c.Loss, n)
	}
	return fmt.Errorf("--val-fraction %v leaves no sample %s to validate on, which --loss %s needs; try %v", c.ValFraction, which, c.Loss, math.Ceil(50/float64(n))/100)
}

// missing names the classes that have samples there, but not here.
func (d *samples) missing(here, there map[int]int) string {
	var lost []int
	for class := range there {
		if here[class] == 0 {
			lost = append(lost, class)
		}
	}
	if lost == nil {
		return ""
	}
	slices.Sort(lost)
	return d.names(lost)
}

// names lists some classes.
func (d *samples) names(classes []int) string {
	var all []string
	for _, class := range classes {
		all = append(all, models.ClassName(d.classes, class))
	}
	if len(all) == 1 {
		return "class " + all[0]
	}
	return "classes " + someOf(all, ", ")
}
