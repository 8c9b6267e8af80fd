package run

import (
	"fmt"
	"reflect"
	"strings"
)

// Settings are all that decides what comes out of a run, besides the data: the flags of bdtrain, by their names. A model and a
// checkpoint hold them. A setting that is new is left out where it has its default, so that older files mean the same.
type Settings struct {
	Net         string   `json:"net"` // preset or file; "": that of the model that the run began with
	Epochs      int      `json:"epochs"`
	Batch       int      `json:"batch"` // 0: all samples
	Seed        uint64   `json:"seed"`
	Classes     int      `json:"classes,omitempty"` // 0: as the data say
	Masks       []string `json:"mask,omitempty"`    // NAME=P[:AXES]
	NoMasks     bool     `json:"no_masks,omitempty"`
	Loss        string   `json:"loss"`
	Positive    string   `json:"positive,omitempty"`
	PosWeight   float64  `json:"pos_weight,omitempty"`
	Temperature float64  `json:"temperature,omitempty"`
	Weights     string   `json:"class_weights,omitempty"` // balanced, or CLASS=WEIGHT,…
	Penalties   []string `json:"penalty,omitempty"`       // NAME=WEIGHT
	Attribute   string   `json:"attribute,omitempty"`     // digest of the values
	Opt         string   `json:"opt"`
	LR          float64  `json:"lr"`
	Momentum    float64  `json:"momentum"`
	WeightDecay float64  `json:"weight_decay"`
	Schedule    string   `json:"schedule"`
	Warmup      float64  `json:"warmup,omitempty"`  // epochs
	Resize      string   `json:"resize,omitempty"`  // as dims.ParseSides reads it; "": not, or as in the model that the run began with
	Augment     string   `json:"augment,omitempty"` // as data.ParseAugment reads it
	Normalise   string   `json:"normalise"`         // auto, data or none
	ValFraction float64  `json:"val_fraction,omitempty"`
	Fold        string   `json:"fold,omitempty"`      // as ParseFold reads it
	Groups      string   `json:"groups,omitempty"`    // digest of which samples stay together
	ValEvery    int      `json:"val_every,omitempty"` // 0: 1
	Patience    int      `json:"patience,omitempty"`
}

// A Setting is one of Settings as text. Of a list each element is one.
type Setting struct {
	Name  string // as JSON has it
	Value string
}

// List returns the settings but those that are left out where they have their default, in the order of the type.
func (s Settings) List() []Setting {
	var all []Setting
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		f := v.Field(i)
		switch {
		case option == "omitempty" && f.IsZero():
		case f.Kind() == reflect.Slice:
			for j := range f.Len() {
				all = append(all, Setting{name, f.Index(j).String()})
			}
		default:
			all = append(all, Setting{name, fmt.Sprint(f.Interface())})
		}
	}
	return all
}

// A Difference is a setting that two runs do not share.
type Difference struct {
	Name string // as JSON has it
	A, B any
}

// FirstDifference returns the first setting of a that is another in b, and with which b cannot go on where a stopped; nil if there
// is none. The number of epochs may change if the learning rate does not depend on it.
func FirstDifference(a, b Settings) *Difference {
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range va.NumField() {
		field := va.Type().Field(i)
		fa, fb := va.Field(i), vb.Field(i)
		switch {
		case reflect.DeepEqual(fa.Interface(), fb.Interface()):
		case field.Type.Kind() == reflect.Slice && fa.Len()+fb.Len() == 0:
		case field.Name == "Epochs" && a.Schedule == "const":
		default:
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			return &Difference{Name: name, A: fa.Interface(), B: fb.Interface()}
		}
	}
	return nil
}
