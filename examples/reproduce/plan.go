package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A plan is the files of a study, as make's variables have it.
type plan struct {
	study
	dir           string // of the runs
	arms, trials  []arm
	seeds         []string
	commands      map[string]string // by the files that they make
	order         []string          // of these files
	files         []string          // of the report
	report, tuned string            // pages
}

// A file is made by a command.
type file struct{ name, command string }

func newPlan(s study, v *variables, out string) *plan {
	p := &plan{study: s, dir: out + s.folder, commands: map[string]string{}}
	p.numbers = numbers{}
	for _, name := range slices.Sorted(maps.Keys(s.numbers)) {
		p.numbers[name] = v.count(s.variables+name, s.numbers[name])
	}
	if p.numbers["EPOCHS"]%max(1, p.numbers["EVERY"]) > 0 {
		p.numbers["EVERY"] = 1 // the last epoch is a point of the curves, too
	}
	for quarters := 1; quarters <= 3; quarters++ {
		p.numbers[fmt.Sprintf("SIDE*%d/4", quarters)] = quarters * p.numbers["SIDE"] / 4
	}
	p.arms, p.seeds = v.arms(s.variables+"ARMS", s.arms, s), v.seeds(s.variables+"SEEDS", v.text(s.variables+"SEEDS", s.seeds))
	if lists := strings.Fields(v.text("tune_"+s.name, "")); len(lists) == 3 {
		p.tune = tuning{lists[0], lists[1], strings.ReplaceAll(lists[2], ",", " ")}
	} else if len(lists) > 0 {
		v.fail("tune_%s must be learning rates of ways without a choice and with one, and seeds, such as '0.001,0.002 0.001 101,102'", s.name)
	}
	p.trials = v.arms("", strings.Join(p.study.trials(), " "), p.study)
	if v.err != nil {
		return p
	}
	test := p.make(p.dir, s.test)
	val := p.make(p.dir, s.val)
	p.files = []string{test}
	curves := ""
	if s.curve.name != "" {
		set := p.make(p.dir, s.curve)
		p.files, curves = append(p.files, set), " --val "+set+" --val-every {EVERY}"
	}
	p.files = append(p.files, p.networks(p.arms)...)
	p.files = append(p.files, p.runs(p.dir, p.arms, p.seeds, test, curves)...)
	p.files = append(p.files, p.pictures(out+s.report, test)...)
	p.report = p.page(s.name, out+s.report, append(p.files, strings.Fields(v.text("JOIN", ""))...))

	tried := append([]string{val}, p.networks(p.trials)...)
	tried = append(tried, p.runs(p.dir+"/tune", p.trials, v.seeds("tune_"+s.name, p.tune.seeds), val, "")...)
	p.tuned = p.page("tune-"+s.name, p.dir+"/tune", tried)
	return p
}

// make adds a file whose name and command have names in braces, and returns its name.
func (p *plan) make(folder string, f file, pairs ...string) string {
	name := folder + p.fill(f.name, pairs...)
	if p.commands[name] == "" {
		p.order = append(p.order, name)
	}
	p.commands[name] = p.fill(f.command, append(pairs, "FILE", name)...)
	return name
}

// runs adds runs of arms, seed by seed: what there is of an interrupted study can be compared. They are evaluated on data.
func (p *plan) runs(folder string, arms []arm, seeds []string, data, curves string) (files []string) {
	for _, seed := range seeds {
		train := ""
		if p.train.name != "" {
			train = p.make(folder, p.train, "SEED", seed)
			files = append(files, train)
		}
		for _, a := range arms {
			run := folder + "/" + a.name + "-" + seed
			model := p.make(run, file{".model.tar.zst", p.run}, "TRAINSET", train, "FLAGS", p.flagsOf(a), "VALIDATION", curves, "RUN", run, "SEED", seed)
			figures := p.make(run, file{".json", "bin/bdeval -m {MODEL} --json --metrics accuracy,auc,loss --threads 1 {DATA} > {FILE}"}, "MODEL", model, "DATA", data)
			files = append(files, model, figures)
		}
	}
	return files
}

// flagsOf are the flags of bdtrain that an arm sets.
func (p *plan) flagsOf(a arm) string {
	return p.fill(p.flags, "NET", p.network(a), "WAY", a.flags, "RATE", a.rate)
}

// network returns the preset, or a file that it adds: the preset's text, edited.
func (p *plan) network(a arm) string {
	name, edits := p.Network, []string(nil)
	if width := p.numbers["WIDTH"]; width > 0 {
		name = fmt.Sprintf("/width%d.txt", width)
		edits = append(edits, fmt.Sprintf(`s/(conv out)=[0-9]+/\1=%d/`, width))
	}
	if a.edit != "" {
		name = "/" + a.way.name + "@" + a.choice + ".txt"
		edits = append(edits, a.edit)
	}
	if edits == nil {
		return name
	}
	return p.make(p.dir, file{name, "bin/bdtrain --net " + p.Network + " --size {SIDE} --print-net | sed -E '" + strings.Join(edits, "; ") + "' > {FILE}"})
}

// networks adds the networks of arms that are files.
func (p *plan) networks(arms []arm) (files []string) {
	for _, a := range arms {
		if name := p.network(a); p.commands[name] != "" {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// pictures adds those that tools draw; of masks, those of the first run that has any.
func (p *plan) pictures(folder, test string) (files []string) {
	masked := slices.IndexFunc(p.arms, func(a arm) bool { return strings.Contains(a.flags, "--mask ") })
	for _, f := range p.drawn {
		model := ""
		if strings.Contains(f.command, "{MASKED}") {
			if masked < 0 {
				continue
			}
			model = p.dir + "/" + p.arms[masked].name + "-" + p.seeds[0] + ".model.tar.zst"
		}
		files = append(files, p.make(folder, f, "SEED", p.seeds[0], "MASKED", model, "TESTSET", test))
	}
	return files
}

// page adds the report of a study.
func (p *plan) page(study, folder string, files []string) string {
	return p.make(folder, file{"/report.html", "go run ./examples/reproduce -study " + study + " -o " + folder + " " + strings.Join(files, " ")})
}
