package stream

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ClassNames tells which class a label means, given the names of the classes. A label that is one of the names means that
// class. Any other label is the number of a class, from 0, unless one of the names could be taken for the number of
// another class: then labels are names only. Of two classes, -1 is class 0.
type ClassNames struct {
	list     []string
	class    map[string]int // made when it is first needed
	numerals bool           // a name is a number other than that of its class
	only     bool           // a name is the number of another class, so labels are names only
}

// LabelKind says how a label was understood, where labels of one data set could be understood in several ways.
type LabelKind uint8

// The kinds of labels.
const (
	PlainLabel  LabelKind = iota // there was only one way
	NameLabel                    // as a name that is a number other than that of its class
	NumberLabel                  // as a number, although names are numbers
	SignLabel                    // -1 as class 0
)

// NewClassNames returns the meaning of labels for these names of classes, which must have passed CheckClasses. Without names,
// labels are numbers.
func NewClassNames(classes []string) *ClassNames {
	n := &ClassNames{list: classes}
	for i, name := range classes {
		if v, ok := number(name); ok && v != i {
			n.numerals = true
			n.only = n.only || v >= 0 && v < len(classes)
		}
	}
	return n
}

// number parses a whole decimal number, with or without spaces around it. One that does not fit is math.MinInt or MaxInt.
func number(text string) (v int, ok bool) {
	text = strings.TrimSpace(text)
	digits := strings.TrimLeft(text, "+-")
	if digits == "" || len(text)-len(digits) > 1 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	v, _ = strconv.Atoi(text)
	return v, true
}

// IsNumber reports whether a label is a whole number, so that it need not be the name of a class.
func IsNumber(label string) bool {
	_, ok := number(label)
	return ok
}

// Index returns the number of the class of that name, if there is one.
func (n *ClassNames) Index(name string) (class int, ok bool) {
	if n.class == nil {
		n.class = make(map[string]int, len(n.list))
		for i, name := range n.list {
			n.class[name] = i
		}
	}
	class, ok = n.class[name]
	return class, ok
}

// Find returns the class that a label means, and how the label was understood.
func (n *ClassNames) Find(label string) (class int, as LabelKind, err error) {
	v, isNumber := number(label)
	if i, ok := n.Index(label); ok {
		if isNumber && v != i {
			return i, NameLabel, nil
		}
		return i, PlainLabel, nil
	}
	known := len(n.list)
	switch {
	case !isNumber && known == 0:
		return 0, PlainLabel, fmt.Errorf("label %s is a name, and no member "+datasetName+" before it names the classes", Quote(label))
	case n.only && isNumber:
		return 0, PlainLabel, fmt.Errorf("label %s is none of the %d classes, which are %s; as names are numbers here, labels are names", Quote(label), known, List(n.list))
	case v == -1 && (known == 0 || known == 2):
		return 0, SignLabel, nil
	case !isNumber, n.numerals && (v < 0 || v >= known):
		return 0, PlainLabel, fmt.Errorf("label %s is none of the %d classes, which are %s", Quote(label), known, List(n.list))
	case v == math.MinInt || v == math.MaxInt:
		return 0, PlainLabel, fmt.Errorf("label %s is out of range", Quote(label))
	case v < 0:
		return 0, PlainLabel, fmt.Errorf("label %d is negative", v)
	case known > 0 && v >= known:
		return 0, PlainLabel, fmt.Errorf("label %d, but there are %d classes, numbered from 0", v, known)
	case n.numerals:
		return v, NumberLabel, nil
	}
	return v, PlainLabel, nil
}

// Numbered reports whether every label that is a number is the number of its class, even where it is also a name.
func (n *ClassNames) Numbered() bool { return !n.numerals }

// label is the label that is written for a class: its number, or its name where numbers could be taken for names.
func (n *ClassNames) label(class int) string {
	if n.only && class >= 0 && class < len(n.list) {
		return n.list[class]
	}
	return strconv.Itoa(class)
}
