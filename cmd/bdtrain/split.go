package main

import (
	"fmt"

	"backdrop/cmd/internal/models"
	"backdrop/cmd/internal/tool"
)

// splits reports whether a part of the data is held out for validation.
func (p *config) splits() bool { return p.ValFraction > 0 || p.fold.N > 0 }

// validates reports whether there is anything to validate on.
func (p *config) validates() bool { return p.val != "" || p.splits() }

// split names the flag that holds out a part, with its value.
func (p *config) split() string {
	if p.fold.N > 0 {
		return fmt.Sprintf("--fold %v", p.fold)
	}
	return fmt.Sprintf("--val-fraction %v", p.ValFraction)
}

// split holds out what --val-fraction or --fold says.
func (d *samples) split() error {
	all, c := d.set, d.c
	if c.groups != "" {
		var err error
		if all.Groups, err = models.ReadGroups(c.groups, all.Len()); err != nil {
			return err
		}
		d.groups = models.GroupsDigest(all.Groups)
	}
	if !c.splits() {
		return nil
	}
	if units := all.Units(); c.fold.N > units {
		what := "sample"
		if all.Groups != nil {
			what = "group"
		}
		if units == 1 {
			return tool.Usagef("%s: there is only one %s, and a fold holds out one of two at least", c.split(), what)
		}
		return tool.Usagef("%s: there are only %d %ss; take as many folds, or fewer", c.split(), units, what)
	}
	if c.fold.N > 0 {
		d.set, d.val = all.Fold(c.fold.K, c.fold.N, c.Seed)
	} else {
		d.set, d.val = all.Split(c.ValFraction, c.Seed)
	}
	if d.val.Len() == 0 {
		together := ""
		if all.Groups != nil {
			together = "; the samples of a group stay together"
		}
		return tool.Usagef("%s of %d samples leaves %d to train on and %d to validate on%s", c.split(), all.Len(), d.set.Len(), d.val.Len(), together)
	}
	d.validated = classesOf(d.val)
	return nil
}
