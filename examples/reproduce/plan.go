package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A plan is the files that make makes for a report.
type plan struct {
	study
	dir   string // of networks
	files []file
	made  map[string]bool // names of files
	page  string          // the report
	of    []string        // what it is made of
}

// A file is made by a command. flags are those of bdtrain if it is a model.
type file struct{ name, command, flags string }

// plans returns what make makes of a study, as variables change it, in the folder out: its report, which joins runs of
// other computers, and that of tuning.
func (s study) plans(out, join string) (report, tune *plan) {
	s.numbers = maps.Clone(s.numbers)
	for _, name := range slices.Sorted(maps.Keys(s.numbers)) {
		s.numbers[name] = count(s.variables+name, s.numbers[name])
	}
	if s.numbers["EPOCHS"]%max(1, s.numbers["EVERY"]) > 0 {
		s.numbers["EVERY"] = 1 // the last epoch is a point of the curves, too
	}
	side := s.numbers["SIDE"]
	s.numbers["SIDE/4"], s.numbers["SIDE/2"], s.numbers["SIDE*3/4"] = side/4, side/2, side*3/4
	seeds := seedsIn(s.variables+"SEEDS", variable(s.variables+"SEEDS", s.seeds))
	arms := strings.Fields(variable(s.variables+"ARMS", s.arms))
	if len(arms) == 0 {
		wrong("%sARMS is empty, name arms such as %s", s.variables, s.arms)
	}
	if lists := strings.Fields(variable("tune_"+s.name, "")); len(lists) == 3 {
		s.tune = tuning{lists[0], lists[1], lists[2]}
	} else if len(lists) > 0 {
		wrong("tune_%s must be three lists: learning rates of ways without a choice, those of the others, and seeds, such as '0.001,0.002 0.001 101,102'", s.name)
	}

	dir := out + s.folder
	report = &plan{study: s, dir: dir, made: map[string]bool{}}
	test, curves := report.add(dir, s.test), ""
	if s.curve.name != "" {
		curves = " --val " + report.add(dir, s.curve) + " --val-every {EVERY}"
	}
	report.addRuns(dir, arms, seeds, test, curves)
	report.addPictures(out+s.report, seeds[0], test)
	report.addPage(s.name, out+s.report, join)

	tune = &plan{study: s, dir: dir, made: map[string]bool{}}
	val := tune.add(dir, s.val)
	tune.addRuns(dir+"/tune", s.trials(), seedsIn("tune_"+s.name, strings.ReplaceAll(s.tune.seeds, ",", " ")), val, "")
	tune.addPage("tune-"+s.name, dir+"/tune", "")
	return report, tune
}

// add adds a file, once, and returns its name. Its name and command have other names in braces; pairs are these and what
// takes their places.
func (p *plan) add(folder string, f file, pairs ...string) string {
	f.name = folder + p.fill(f.name, pairs...)
	f.command = p.fill(f.command, append(pairs, "FILE", f.name)...)
	if !p.made[f.name] {
		p.files, p.made[f.name] = append(p.files, f), true
	}
	return f.name
}

// fill also knows the numbers of the study.
func (s study) fill(text string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	for name, n := range s.numbers {
		text = strings.ReplaceAll(text, "{"+name+"}", strconv.Itoa(n))
	}
	return strings.ReplaceAll(text, "{SCALES}", s.scales)
}

// addRuns adds runs, evaluated on data, seed by seed: the runs of an interrupted study can be compared.
func (p *plan) addRuns(folder string, arms, seeds []string, data, curves string) {
	for _, seed := range seeds {
		train := ""
		if p.train.name != "" {
			train = p.add(folder, p.train, "SEED", seed)
		}
		for _, name := range arms {
			run, flags := folder+"/"+name+"-"+seed, p.armFlags(name)
			model := p.add(run, file{".model.tar.zst", p.run, flags}, "FLAGS", flags, "TRAINSET", train, "VALIDATION", curves, "RUN", run, "SEED", seed)
			p.add(run, file{name: ".json", command: evaluate}, "MODEL", model, "DATA", data)
		}
	}
}

// armFlags returns the flags of bdtrain that an arm is, and adds its network if that is a file.
func (p *plan) armFlags(name string) string {
	w, choice, rate := p.arm(name)
	net, edits := p.Network, []string(nil)
	if width := p.numbers["WIDTH"]; width > 0 {
		net = fmt.Sprintf("/width%d.txt", width)
		edits = append(edits, fmt.Sprintf(`s/(conv out)=[0-9]+/\1=%d/`, width))
	}
	if w.edit != "" {
		net = "/" + w.name + "@" + choice + ".txt"
		edits = append(edits, w.edit)
	}
	if edits != nil {
		net = p.add(p.dir, file{name: net, command: edited}, "NETWORK", p.Network, "EDITS", strings.Join(edits, "; "), "CHOICE", choice)
	}
	return p.fill(p.flags, "NET", net, "WAY", w.flags, "CHOICE", choice, "RATE", rate)
}

// addPictures adds those that the tools draw; of masks, those of the first run that has any.
func (p *plan) addPictures(folder, seed, test string) {
	masked := slices.IndexFunc(p.files, func(f file) bool { return strings.Contains(f.flags, "--mask ") })
	for _, f := range p.drawn {
		if masked >= 0 {
			p.add(folder, f, "SEED", seed, "TESTSET", test, "MASKED", p.files[masked].name)
		} else if !strings.Contains(f.command, "{MASKED}") {
			p.add(folder, f, "SEED", seed)
		}
	}
}

// addPage adds the report, of all files and of those that are joined.
func (p *plan) addPage(study, folder, join string) {
	for _, f := range p.files {
		p.of = append(p.of, f.name)
	}
	words := slices.Concat([]string{"go run ./examples/reproduce -study", study, "-o", folder}, p.of, strings.Fields(join))
	p.page = p.add(folder, file{name: "/report.html", command: strings.Join(words, " ")})
}

// arm takes an arm apart: a way to train, its choice if it has one, and a learning rate, as none@0.001 and fine@0.8@0.001.
func (s study) arm(name string) (w way, choice, rate string) {
	parts := strings.Split(name, "@")
	for _, w := range s.ways {
		switch {
		case w.name == parts[0] && w.choices == "" && len(parts) == 2:
			return w, "", parts[1]
		case w.name == parts[0] && w.choices != "" && len(parts) == 3:
			return w, parts[1], parts[2]
		}
	}
	wrong("%sARMS: %s is not an arm, such as %s", s.variables, name, s.arms)
	return
}

// trials are the arms that tuning tries: every choice of every way at every learning rate.
func (s study) trials() (arms []string) {
	for _, w := range s.ways {
		if w.choices == "" {
			for _, rate := range strings.Split(s.tune.plain, ",") {
				arms = append(arms, w.name+"@"+rate)
			}
			continue
		}
		for _, choice := range strings.Fields(s.fill(w.choices)) {
			for _, rate := range strings.Split(s.tune.rates, ",") {
				arms = append(arms, w.name+"@"+choice+"@"+rate)
			}
		}
	}
	return arms
}
