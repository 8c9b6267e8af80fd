package main

import (
	"strconv"
	"strings"
)

// An arm is a way to train, its choice if it has one, and a learning rate: none@0.001, fine@0.8@0.001.
type arm struct {
	way
	name, choice, rate string
}

// arm returns the arm of a name, with its choice in its flags.
func (s study) arm(name string) (a arm, ok bool) {
	parts := strings.Split(name, "@")
	for _, w := range s.ways {
		if w.name != parts[0] {
			continue
		}
		a = arm{way: w, name: name, rate: parts[len(parts)-1]}
		if w.choices == "" {
			return a, len(parts) == 2
		}
		a.choice = parts[1]
		a.flags, a.edit = strings.ReplaceAll(w.flags, "%", a.choice), strings.ReplaceAll(w.edit, "%", a.choice)
		return a, len(parts) == 3
	}
	return a, false
}

// trials returns the names of the arms that tuning tries: every choice of every way with every learning rate.
func (s study) trials() []string {
	var all []string
	for _, w := range s.ways {
		starts, rates := []string{w.name}, s.tune.plain
		if w.choices != "" {
			starts, rates = nil, s.tune.rates
			for _, choice := range strings.Fields(s.fill(w.choices)) {
				starts = append(starts, w.name+"@"+choice)
			}
		}
		for _, start := range starts {
			for _, rate := range strings.Split(rates, ",") {
				all = append(all, start+"@"+rate)
			}
		}
	}
	return all
}

// fill replaces names in braces by the values that follow them in pairs, and by the study's numbers.
func (s study) fill(text string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	for name, n := range s.numbers {
		text = strings.ReplaceAll(text, "{"+name+"}", strconv.Itoa(n))
	}
	return strings.ReplaceAll(text, "{SCALES}", s.scales)
}
