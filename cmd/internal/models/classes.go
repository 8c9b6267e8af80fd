package models

import (
	"fmt"
	"strconv"
	"strings"

	"backdrop/formats/stream"
	"backdrop/lib/metric"
)

// clip keeps a list from filling more than an error line.
func clip(list string) string {
	const most = 300
	if len(list) > most {
		return strings.ToValidUTF8(list[:most], "") + "…"
	}
	return list
}

// ClassNumber finds a class by its name or, where names are no numbers, by its number. Without names every number is a class.
func ClassNumber(class string, classes []string) (int, error) {
	if len(classes) == 0 {
		i, err := strconv.Atoi(class)
		if err != nil || i < 0 {
			return 0, fmt.Errorf("%.40q is not a class number; the classes have no names here", class)
		}
		return i, nil
	}
	i, as, err := stream.NewClassNames(classes).Find(class)
	if err != nil || as == stream.NumberLabel {
		return 0, fmt.Errorf("there is no class %.40q, only %s", class, clip(strings.Join(quoted(classes), ", ")))
	}
	return i, nil
}

// quoted quotes the names that would not be told apart in a list: with commas, quotes, or blanks at an end.
func quoted(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		if all[i] = name; name != strings.TrimSpace(name) || strings.ContainsAny(name, `,"`) {
			all[i] = stream.Quote(name)
		}
	}
	return all
}

// ClassName names a class, by its number if it has no name.
func ClassName(names []string, class int) string {
	if class < len(names) {
		return names[class]
	}
	return strconv.Itoa(class)
}

// NumberedClasses are the names of n classes that have numbers only.
func NumberedClasses(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// Told are the names of the classes that so many scores a sample tell apart: all or, where one score is the logit of a class, or a
// positive class is named, what is not in that class, and that class.
func Told(classes []string, scores int, positive string) ([]string, error) {
	if len(classes) == 0 && scores > 1 {
		classes = NumberedClasses(scores)
	}
	if positive == "" {
		if scores > 1 || len(classes) == 2 {
			return classes, nil
		}
		return NumberedClasses(2), nil
	}
	class, err := ClassNumber(positive, classes)
	if err != nil {
		return nil, err
	}
	if len(classes) == 2 {
		return []string{classes[1-class], classes[class]}, nil
	}
	name := ClassName(classes, class)
	return []string{metric.Rest(name, classes), name}, nil
}
