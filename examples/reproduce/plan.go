package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A plan is all files of a report, in the order in which they are listed in it.
type plan struct {
	study
	dir   string // of networks that are files
	files []file
	made  map[string]bool // the names of files
	page  string          // the name of the report
	of    []string        // the names of the files before it
}

// A file is made by a command. The flags are those of bdtrain if the file is a model.
type file struct{ name, command, flags string }

// given returns the study with what variables of make change.
func (s study) given() study {
	s.numbers = maps.Clone(s.numbers)
	for _, name := range slices.Sorted(maps.Keys(s.numbers)) {
		s.numbers[name] = count(s.variables+name, s.numbers[name])
	}
	if s.numbers["EPOCHS"]%max(1, s.numbers["EVERY"]) > 0 {
		s.numbers["EVERY"] = 1 // the last epoch is a point of the curves, too
	}
	side := s.numbers["SIDE"]
	s.numbers["SIDE/4"], s.numbers["SIDE/2"], s.numbers["SIDE*3/4"] = side/4, side/2, side*3/4
	s.seeds, s.arms = variable(s.variables+"SEEDS", s.seeds), variable(s.variables+"ARMS", s.arms)
	if lists := strings.Fields(variable("tune_"+s.name, "")); len(lists) == 3 {
		s.tune = tuning{lists[0], lists[1], lists[2]}
	} else if len(lists) > 0 {
		wrong("tune_%s must be learning rates of ways without a choice, those of the others, and seeds, such as '0.001,0.002 0.001 101,102'", s.name)
	}
	return s
}

// plans returns the plans of a study's report, which joins runs of other computers, and of the report of its tuning. They
// are in the folder out.
func (s study) plans(out, join string) (report, tune *plan) {
	dir, seeds := out+s.folder, seedsIn(s.variables+"SEEDS", s.seeds)
	report = &plan{study: s, dir: dir, made: map[string]bool{}}
	test, validation := report.add(dir, s.test), ""
	if s.curve.name != "" {
		validation = " --val " + report.add(dir, s.curve) + " --val-every {EVERY}"
	}
	report.addRuns(dir, strings.Fields(s.arms), seeds, test, validation)
	report.addPictures(out+s.report, seeds[0], test)
	report.addPage(s.name, out+s.report, join)

	tune = &plan{study: s, dir: dir, made: map[string]bool{}}
	val := tune.add(dir, s.val)
	tune.addRuns(dir+"/tune", s.trials(), seedsIn("tune_"+s.name, strings.ReplaceAll(s.tune.seeds, ",", " ")), val, "")
	tune.addPage("tune-"+s.name, dir+"/tune", "")
	return report, tune
}

// add adds a file to the plan, unless it has the file already, and returns its name. The name and the command are filled with
// pairs.
func (p *plan) add(folder string, f file, pairs ...string) string {
	f.name = folder + p.fill(f.name, pairs...)
	f.command = p.fill(f.command, append(pairs, "FILE", f.name)...)
	if !p.made[f.name] {
		p.files, p.made[f.name] = append(p.files, f), true
	}
	return f.name
}

// fill replaces names in braces by their values: pairs of a name and a value, then the numbers of the study.
func (s study) fill(text string, pairs ...string) string {
	text = strings.ReplaceAll(text, "{SHAPE}", s.shape)
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	for name, n := range s.numbers {
		text = strings.ReplaceAll(text, "{"+name+"}", strconv.Itoa(n))
	}
	return strings.ReplaceAll(text, "{SCALES}", s.scales)
}

// addRuns adds runs, evaluated on data. They are in the order of seeds, so that those of an interrupted study are comparable.
func (p *plan) addRuns(folder string, arms, seeds []string, data, validation string) {
	if len(arms) == 0 {
		wrong("%sARMS is empty, name arms such as none@0.001 or fine@0.8@0.001", p.variables)
	}
	for _, seed := range seeds {
		train := ""
		if p.train.name != "" {
			train = p.add(folder, p.train, "SEED", seed)
		}
		for _, name := range arms {
			run, flags := folder+"/"+name+"-"+seed, p.armFlags(name)
			model := p.add(run, file{".model.tar.zst", p.run, flags}, "FLAGS", flags, "TRAINSET", train, "VALIDATION", validation, "RUN", run, "SEED", seed)
			p.add(run, file{name: ".json", command: evaluate}, "MODEL", model, "DATA", data)
		}
	}
}

// armFlags returns the flags of bdtrain for an arm, and adds its network to the plan if it is an edited preset.
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

// addPictures adds the pictures that the tools draw. Those of masks are of the first run that has masks.
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

// addPage adds the report on all files so far and on those to join.
func (p *plan) addPage(study, folder, join string) {
	for _, f := range p.files {
		p.of = append(p.of, f.name)
	}
	words := slices.Concat([]string{"go run ./examples/reproduce -study", study, "-o", folder}, p.of, strings.Fields(join))
	p.page = p.add(folder, file{name: "/report.html", command: strings.Join(words, " ")})
}

// arm returns the parts of an arm: a way to train, its choice if it has one, and a learning rate, such as none@0.001 and
// fine@0.8@0.001.
func (s study) arm(name string) (w way, choice, rate string) {
	w, choice, rate, ok := s.parts(name)
	if !ok {
		wrong("%sARMS: %s is not an arm, such as none@0.001 or fine@0.8@0.001", s.variables, name)
	}
	return w, choice, rate
}

// parts is arm, where the name of the arm may be wrong.
func (s study) parts(name string) (w way, choice, rate string, ok bool) {
	parts := strings.Split(name, "@")
	if strings.ContainsAny(name, signs) {
		parts = nil
	}
	for _, w := range s.ways {
		switch {
		case len(parts) == 2 && w.name == parts[0] && w.choices == "":
			return w, "", parts[1], true
		case len(parts) == 3 && w.name == parts[0] && w.choices != "":
			return w, parts[1], parts[2], true
		}
	}
	return way{}, "", "", false
}

// trials returns the arms that tuning tries: every choice of every way with every learning rate.
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
