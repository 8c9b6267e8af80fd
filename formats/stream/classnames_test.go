package stream

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"backdrop/formats/npy"
)

// TestNames: what labels mean, by the names of the classes.
func TestNames(t *testing.T) {
	textOrder := strings.Fields("0 1 10 11 2 3 4 5 6 7 8 9")
	for _, c := range []struct {
		classes []string
		labels  string // and what each means: class, class and how it was taken, or ! for an error
		numbers bool   // Numbered
	}{
		{nil, "0=0 7=7 007=7 +1=1 -1=0s -2=! -01=0s cat=! 1.0=! 99999999999999999999=! 0x1=! 1_0=! +-1=! +=! -=!", true},
		{[]string{"cat", "dog", "eel"}, "cat=0 eel=2 0=0 2=2 02=2 +1=1 3=! -1=! fox=! Cat=! 99999999999999999999=!", true},
		{[]string{"cat", "dog"}, "dog=1 1=1 -1=0s -2=! 2=!", true},
		{[]string{"1.5-8", "2.5-8", "2", "3"}, "1.5-8=0 2=2 3=3 0=0 1=1", true},                                            // numbers in their places
		{[]string{"9.5", "10"}, "9.5=0 10=1n 0=0# 1=1#", false},                                                            // lengths of one scale
		{textOrder, "0=0 1=1 10=2n 11=3n 2=4n 9=11n 12=! -1=! 01=! cat=!", false},                                          // as ImageFolder lists them
		{[]string{"1", "0"}, "1=0n 0=1n 2=! -1=!", false},                                                                  // the other way round
		{[]string{"1", "2"}, "1=0n 2=1n 0=! 3=! -1=! 01=!", false},                                                         // from 1
		{[]string{"0", "1", "2"}, "0=0 1=1 2=2 3=! 01=1 -1=!", true},                                                       // numbers
		{[]string{"0", "1"}, "0=0 1=1 -1=0s +1=1 2=!", true},                                                               // of two
		{[]string{"1990", "2000"}, "1990=0n 2000=1n 0=0# 1=1# 2=! 1995=! -1=0s", false},                                    // years
		{[]string{"2000", "1990", "1"}, "2000=0n 1=2n 0=! 2=!", false},                                                     // years and more
		{[]string{"00", "01", "02"}, "00=0 01=1 02=2 0=0 2=2 3=! 03=!", true},                                              // padded
		{[]string{"01", "02", "03"}, "01=0n 02=1n 03=2n 1=! 2=! 0=!", false},                                               // padded, from 1
		{[]string{"-1", "1"}, "-1=0n 1=1 0=0# +1=1#", false},                                                               // signs
		{[]string{"-1", "0", "1"}, "-1=0n 0=1n 1=2n 2=! -2=!", false},                                                      // signs and 0
		{[]string{"1", "-1"}, "1=0n -1=1n 0=!", false},                                                                     // signs, the other way round
		{[]string{"99999999999999999999", "cat"}, "99999999999999999999=0n cat=1 0=0# 1=1# 99999999999999999998=!", false}, // beyond int
	} {
		n := NewClassNames(c.classes)
		for pair := range strings.FieldsSeq(c.labels) {
			label, want, _ := strings.Cut(pair, "=")
			class, as, err := n.Find(label)
			got := fmt.Sprint(class) + [...]string{"", "n", "#", "s"}[as]
			if err != nil {
				got = "!"
			}
			if got != want {
				t.Errorf("%q: %s is %s (%v), want %s", c.classes, label, got, err, want)
			}
		}
		if n.Numbered() != c.numbers {
			t.Errorf("%q: Numbered is %v", c.classes, !c.numbers)
		}
	}
}

func TestNamesErrors(t *testing.T) {
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("class-%d", i)
	}
	for _, c := range []struct {
		classes     []string
		label, want string
	}{
		{nil, "cat", `label "cat" is a name, and no member __meta__/dataset.json before it names the classes`},
		{nil, "-2", "label -2 is negative"},
		{nil, "99999999999999999999", `label "99999999999999999999" is out of range`},
		{[]string{"cat", "dog"}, "fox", `label "fox" is none of the 2 classes, which are "cat", "dog"`},
		{[]string{"cat", "dog"}, "2", "label 2, but there are 2 classes, numbered from 0"},
		{[]string{"1", "2"}, "0", `label "0" is none of the 2 classes, which are "1", "2"; as names are numbers here, labels are names`},
		{[]string{"1990", "2000"}, "1995", `label "1995" is none of the 2 classes, which are "1990", "2000"`},
		{many, "x\n", `label "x\n" is none of the 1000 classes, which are "class-0", "class-1", "class-2", "class-3", "class-4", "class-5", "class-6", "class-7", "class-8", "class-9", ` +
			`"class-10", "class-11", "class-12", "class-13", "class-14", "class-15", "class-16", "class-17", "class-18", "class-19", "class-20" and 979 more`},
	} {
		_, _, err := NewClassNames(c.classes).Find(c.label)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.label, err, c.want)
		}
	}
}

// TestWrittenLabels: a writer writes numbers, or names if numbers would not mean the class. Both ways a reader finds the
// class.
func TestWrittenLabels(t *testing.T) {
	for _, c := range []struct {
		classes []string
		want    string
	}{
		{nil, "0 1"}, {[]string{"2.5-8", "3-8"}, "0 1"}, {[]string{"5", "10"}, "0 1"}, {[]string{"1", "2"}, "1 2"}, {[]string{"1", "0"}, "1 0"}, {[]string{"0", "1"}, "0 1"},
	} {
		var samples []*Sample
		for i := range 2 {
			samples = append(samples, &Sample{Key: fmt.Sprint(i), Shape: []int{1}, X: []float32{0}, Label: i, HasLabel: true})
		}
		_, got, err := readSamples(bytes.NewReader(writeSamples(t, None, npy.Float32, Metadata{Classes: c.classes}, samples)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		names, text := NewClassNames(c.classes), ""
		for i, s := range got {
			text = strings.TrimSpace(text + " " + s.LabelText)
			if class, _, err := names.Find(s.LabelText); err != nil || class != i {
				t.Errorf("%q: label %s of class %d is read as %d, %v", c.classes, s.LabelText, i, class, err)
			}
		}
		if text != c.want {
			t.Errorf("%q: labels %s, want %s", c.classes, text, c.want)
		}
	}
}
