package export

import (
	"encoding/json"
	"fmt"

	"backdrop/cmd/internal/models"
)

// entry is a pair of texts.
type entry struct{ Key, Value string }

// about is what a file says of a model besides its arrays: texts, and lists in JSON.
func about(m *models.Loaded) []entry {
	var all []entry
	list := func(key string, v any) {
		text, err := json.Marshal(v)
		if err != nil {
			panic("export: a list that is no JSON")
		}
		all = append(all, entry{key, string(text)})
	}
	loss, ranks := m.Ranks()
	if !ranks {
		list("classes", m.Told())
	}
	if outputs, _ := m.Net.Classes(); outputs == 1 {
		all = append(all, entry{"positive", m.Told()[1]})
	}
	all = append(all, entry{"loss", loss}, entry{"network", m.Net.String()})
	mean, std := m.Scale.Numbers()
	list("mean", mean)
	list("std", std)
	if m.Range.Known() {
		list("min", m.Range.Min)
		list("max", m.Range.Max)
	}
	if !m.Resize.None() {
		all = append(all, entry{"resize", fmt.Sprintf("%v, area mean where that is smaller, linear where it is larger", m.Resize)})
	}
	return all
}
