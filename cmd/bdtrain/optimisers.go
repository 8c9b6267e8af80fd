package main

import (
	"fmt"
	"strings"

	"backdrop/lib/optim"
)

// Texts of --help that come from the table of optimisers.

// withMomentum returns the optimisers that take a momentum.
func withMomentum() []optim.Method {
	var list []optim.Method
	for _, m := range optim.Methods() {
		if m.HasMomentum() {
			list = append(list, m)
		}
	}
	return list
}

// namesOf lists optimisers: sgd and nesterov.
func namesOf(list []optim.Method) string {
	var names []string
	for _, m := range list {
		names = append(names, m.Name)
	}
	return strings.Join(names, " and ")
}

// defaultsOf lists what a hyper-parameter is by default: 0.01 for adamw, else 0. The value that most optimisers have stands
// last, unless each has its own.
func defaultsOf(list []optim.Method, of func(optim.Config) float64) string {
	count := map[float64]int{}
	most := 0.0
	for _, m := range list {
		v := of(m.Default)
		if count[v]++; count[v] > count[most] {
			most = v
		}
	}
	var items []string
	for _, m := range list {
		if v := of(m.Default); v != most || count[most] == 1 {
			items = append(items, fmt.Sprintf("%v for %s", v, m.Name))
		}
	}
	if count[most] > 1 {
		items = append(items, fmt.Sprintf("else %v", most))
	}
	return strings.TrimPrefix(strings.Join(items, ", "), "else ")
}
