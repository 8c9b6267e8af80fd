package stream

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Names says which class a label means, given the names of the classes: the class of that name. A label that is none of
// the names is the number of a class, counted from 0, unless one of the names could be taken for the number of another
// class; then labels are names only. Of two classes, -1 is class 0.
type Names struct {
	list     []string
	class    map[string]int // made when it is needed first
	numerals bool           // a name is a number, and not that of its class
	only     bool           // a name is the number of another class
}

// Reading says how a label was taken, where labels of one data set could be taken in several ways.
type Reading uint8

const (
	Plain  Reading = iota // there is one way
	Name                  // as a name that is a number, but not that of its class
	Number                // as a number, although names are numbers
	Sign                  // -1 as class 0
)

// NewNames takes the names of classes, which CheckClasses has nothing against. Without any, labels are numbers.
func NewNames(classes []string) *Names {
	n := &Names{list: classes}
	for i, name := range classes {
		if v, ok := number(name); ok && v != i {
			n.numerals = true
			n.only = n.only || v >= 0 && v < len(classes)
		}
	}
	return n
}

// number is the whole number that a text writes in decimal, if it does; spaces round it do not count. One that does not
// fit is math.MinInt or MaxInt.
func number(text string) (v int, ok bool) {
	text = strings.TrimSpace(text)
	digits := strings.TrimLeft(text, "+-")
	if digits == "" || len(text)-len(digits) > 1 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	v, _ = strconv.Atoi(text)
	return v, true
}

// Index returns the number of the class of that name, if there is one.
func (n *Names) Index(name string) (class int, ok bool) {
	if n.class == nil {
		n.class = make(map[string]int, len(n.list))
		for i, name := range n.list {
			n.class[name] = i
		}
	}
	class, ok = n.class[name]
	return class, ok
}

// Find returns the class that a label means.
func (n *Names) Find(label string) (class int, as Reading, err error) {
	v, isNumber := number(label)
	if i, ok := n.Index(label); ok {
		if isNumber && v != i {
			return i, Name, nil
		}
		return i, Plain, nil
	}
	known := len(n.list)
	switch {
	case !isNumber && known == 0:
		return 0, Plain, fmt.Errorf("label %s is a name, and no member "+datasetName+" before it names the classes", Quote(label))
	case n.only && isNumber:
		return 0, Plain, fmt.Errorf("label %s is none of the %d classes, which are %s; as names are numbers here, labels are names", Quote(label), known, List(n.list))
	case v == -1 && (known == 0 || known == 2):
		return 0, Sign, nil
	case !isNumber, n.numerals && (v < 0 || v >= known):
		return 0, Plain, fmt.Errorf("label %s is none of the %d classes, which are %s", Quote(label), known, List(n.list))
	case v == math.MinInt || v == math.MaxInt:
		return 0, Plain, fmt.Errorf("label %s is out of range", Quote(label))
	case v < 0:
		return 0, Plain, fmt.Errorf("label %d is negative", v)
	case known > 0 && v >= known:
		return 0, Plain, fmt.Errorf("label %d, but there are %d classes, numbered from 0", v, known)
	case n.numerals:
		return v, Number, nil
	}
	return v, Plain, nil
}

// Numbered reports whether every label that is a number is the number of its class, whether it is a name or not.
func (n *Names) Numbered() bool { return !n.numerals }

// label is how the label of a class is written: as a number, or as a name where a number would be taken for one.
func (n *Names) label(class int) string {
	if n.only && class >= 0 && class < len(n.list) {
		return n.list[class]
	}
	return strconv.Itoa(class)
}

// List shows some names, as many as there is room for in an error line.
func List(names []string) string {
	const room = 240 // bytes
	text := ""
	for i, name := range names {
		quoted := Quote(name)
		if len(text)+len(quoted) > room {
			return fmt.Sprintf("%s and %d more", text, len(names)-i)
		}
		if i > 0 {
			text += ", "
		}
		text += quoted
	}
	return text
}
