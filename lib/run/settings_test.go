package run

import (
	"reflect"
	"testing"
)

// A list has every setting that a file has, under the same name, and those of a list one by one.
func TestSettingsList(t *testing.T) {
	got := Settings{Net: "pooled", Epochs: 3, Batch: 0, Seed: 18446744073709551615, Masks: []string{"fine=0.5", "coarse=0:N"}, NoMasks: true,
		Loss: "xent", Opt: "adam", LR: 1e-30, Schedule: "const", Normalise: "auto", Weights: "a=0.1", Fold: "1/5"}.List()
	want := []Setting{{"net", "pooled"}, {"epochs", "3"}, {"batch", "0"}, {"seed", "18446744073709551615"}, {"mask", "fine=0.5"}, {"mask", "coarse=0:N"}, {"no_masks", "true"},
		{"loss", "xent"}, {"class_weights", "a=0.1"}, {"opt", "adam"}, {"lr", "1e-30"}, {"momentum", "0"}, {"weight_decay", "0"}, {"schedule", "const"}, {"normalise", "auto"}, {"fold", "1/5"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParseFold(t *testing.T) {
	for text, want := range map[string]Fold{"0/2": {0, 2}, "4/5": {4, 5}, "02/010": {2, 10}} {
		f, err := ParseFold(text)
		if err != nil || f != want {
			t.Errorf("%s: %v, %v", text, f, err)
		}
		if again, err := ParseFold(f.String()); err != nil || again != f {
			t.Errorf("%v comes back as %v, %v", f, again, err)
		}
	}
	for _, text := range []string{"", "1", "5/5", "-1/5", "0/1", "0/0", "1/", "/5", "1/5/6", "a/b", "1.0/5", "0x1/5", "1/99999999999999999999"} {
		if f, err := ParseFold(text); err == nil {
			t.Errorf("%q is read as %v", text, f)
		}
	}
}
