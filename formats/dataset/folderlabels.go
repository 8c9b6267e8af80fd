package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"backdrop/formats/stream"
)

// folderLabels finds the classes of samples without labels by the folders that they lie in. Where classes have names, one folder of a
// sample's path is such a name. Where they have none, the first folders in which the paths differ name them.
type folderLabels struct {
	used     bool   // the folder is the class
	labelled string // key of the first sample that has a label of its own
	first    string // key of the first one that has none
	level    int    // which folder of the path is the class, where the names are known
	part     string // the part of a data set that the first sample lies in, such as train; "": in none
	count    map[int]int
}

// folderLabel sets the class of a sample without a label by its folder. Where labels are not needed, a folder that is no class is not
// an error.
func (s *checked) folderLabel(sample *stream.Sample) error {
	dir, f := path.Dir(sample.Key), &s.byFolder
	if !s.needLabels {
		if class, _, ok := s.classFolder(dir, -1); ok && dir != "." && !s.numbers && f.labelled == "" {
			sample.Label, sample.HasLabel = class, true
		}
		return nil
	}
	switch {
	case dir == ".":
		return s.noLabel(sample)
	case f.labelled != "":
		return fmt.Errorf("%w; sample %s has one", s.noLabel(sample), f.labelled)
	}
	if r, ok := s.Source.(streamSource); ok {
		if err := r.BadLabel(sample.Key); err != nil {
			return err
		}
	}
	if !f.used {
		f.used, f.first, f.level, f.count = true, sample.Key, -1, map[int]int{}
	}
	if s.lateNames {
		sample.LabelText = dir
		s.left = true
		return nil
	}
	if !s.labels.named && !s.numbers {
		err := fmt.Errorf("sample %s has no label but its folder, and which folders there are shows only when all samples are read", sample.Key)
		return &AdvisedError{Err: err, Advice: KeepSamples}
	}
	var left []seen
	if _, _, ok := s.classFolder(dir, f.level); !ok && s.folder == "" { // what comes behind may be the labels
		var err error
		if left, err = s.look(nil, math.MaxInt); errors.Is(err, stream.ErrScattered) {
			return err
		}
	}
	class, err := s.knownFolder(sample.Key, dir, func(dir string) []string { return s.siblings(dir, left) })
	if err != nil {
		return err
	}
	sample.Label, sample.HasLabel = class, true
	f.count[class]++
	return nil
}

// ownLabel remembers that a sample has a label. All of them have one, or none has.
func (s *checked) ownLabel(sample *stream.Sample) error {
	if s.byFolder.used {
		err := fmt.Errorf("sample %s has a label, but sample %s has none; label all of them, or none where the folder is the class", sample.Key, s.byFolder.first)
		if s.folder == "" {
			err = fmt.Errorf("%w; %w", err, stream.ErrScattered)
		}
		return err
	}
	if s.byFolder.labelled == "" {
		s.byFolder.labelled = sample.Key
	}
	return nil
}

// classFolder finds the first folder of a path, or the one at that level, that is a class.
func (s *checked) classFolder(dir string, level int) (class, at int, ok bool) {
	for i, name := range strings.Split(dir, "/") {
		if level >= 0 && i != level {
			continue
		}
		if s.numbers {
			class, ok = folderNumber(name)
			ok = ok && class <= maxLabel
		} else if class, ok = s.labels.names.Index(name); ok && s.labels.to != nil {
			class = s.labels.to[class]
		}
		if ok {
			return class, i, true
		}
	}
	return 0, 0, false
}

// folderNumber is the number that the name of a folder is.
func folderNumber(name string) (n int, ok bool) {
	n, err := strconv.Atoi(name)
	return n, err == nil && n >= 0 && !strings.ContainsAny(name, "+-")
}

// knownFolder finds the class of a sample's folder by the names of the classes. If there is none, the error lists what folders says
// there are in its place.
func (s *checked) knownFolder(key, dir string, folders func(dir string) []string) (int, error) {
	f := &s.byFolder
	class, at, ok := s.classFolder(dir, f.level)
	if ok {
		f.level = at
		return class, s.onePart(key, strings.Split(dir, "/")[:at])
	}
	if s.numbers {
		return 0, fmt.Errorf("sample %s lies in no folder that is a class; those of %s are numbers", key, s.whose)
	}
	if f.level >= 0 {
		path := strings.Split(dir, "/")
		dir = strings.Join(path[:min(f.level+1, len(path))], "/")
	}
	return 0, fmt.Errorf("sample %s lies in no folder that is a class: the folders are %s, the classes of %s %s",
		key, stream.List(folders(dir)), cmp.Or(s.whose, "the data"), stream.List(s.classNames()))
}

// onePart refuses samples of another part of a data set than those before: its training data are not to be judged with those to test.
func (s *checked) onePart(key string, above []string) error {
	f := &s.byFolder
	for i, name := range above {
		if !slices.Contains(parts, strings.ToLower(name)) {
			continue
		}
		if f.part == "" {
			f.part = name
		}
		if name != f.part {
			one, do := path.Join(above[:i+1]...), "pack"
			if s.folder != "" {
				one, do = path.Join(s.folder, one), "name"
			}
			return fmt.Errorf("sample %s: the folders %s are parts of a data set; %s one of them, such as %s", key, stream.List([]string{f.part, name}), do, one)
		}
		break
	}
	return nil
}

// classNames are the names of the classes that are known.
func (s *checked) classNames() []string {
	if len(s.wanted) > 0 {
		return s.wanted
	}
	return s.Metadata().Classes
}

// resolveFolders replaces the numbers of late labels, which are folders, by their classes, and names these unless they have names. It
// returns the names; nil if there were some.
func (s *checked) resolveFolders(late []lateLabel, labels []int) (names []string, err error) {
	dirs := make([]string, len(late))
	for i, l := range late {
		dirs[i] = l.label
	}
	if s.labels.named || s.numbers {
		all := func(string) []string {
			if level := s.byFolder.level; level >= 0 {
				return levelNames(dirs, level)
			}
			return levelNames(dirs, common(dirs))
		}
		for i, l := range late {
			if late[i].class, err = s.knownFolder(l.key, l.label, all); err != nil {
				return nil, err
			}
		}
	} else if names, err = s.nameFolders(late, dirs); err != nil {
		return nil, err
	}
	for i, label := range labels {
		if label < -1 {
			labels[i] = late[-2-label].class
			s.byFolder.count[labels[i]]++
		}
	}
	below := ""
	if level := common(dirs); names != nil {
		deep := slices.DeleteFunc(dirs, func(dir string) bool { return strings.Count(dir, "/") <= level })
		if len(deep) > 0 {
			below = "; folders below these, such as " + stream.Printable(levelNames(deep, level+1)[0]) + ", are not"
		}
	}
	s.noteFolders(names, below)
	return names, nil
}

// levelNames are the names of the folders at a level of paths, sorted.
func levelNames(dirs []string, level int) []string {
	var names []string
	for _, dir := range dirs {
		folders := strings.Split(dir, "/")
		names = append(names, folders[min(level, len(folders)-1)])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// common is how many folders all paths begin with.
func common(dirs []string) int {
	first := strings.Split(dirs[0], "/")
	n := len(first)
	for _, dir := range dirs[1:] {
		folders := strings.Split(dir, "/")
		n = min(n, len(folders))
		for i, name := range folders[:n] {
			if name != first[i] {
				n = i
				break
			}
		}
	}
	return n
}

// parts are names of folders that hold the parts of a data set.
var parts = strings.Fields("train training test testing val valid validation dev")

// nameFolders makes classes of the first folders in which paths differ, in the order of their names, or of numbers if all are such.
func (s *checked) nameFolders(late []lateLabel, dirs []string) (names []string, err error) {
	if len(dirs) == 1 {
		return nil, fmt.Errorf("no sample has a label, and all lie in one folder, %s; as classes there must be two or more", stream.Quote(dirs[0]))
	}
	level := common(dirs)
	for i, dir := range dirs {
		if strings.Count(dir, "/")+1 == level {
			return nil, fmt.Errorf("sample %s has no label, and lies beside the folders of classes, %s, not in one", late[i].key, stream.List(levelNames(slices.Delete(slices.Clone(dirs), i, i+1), level)))
		}
	}
	names = levelNames(dirs, level)
	if !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(parts, strings.ToLower(name)) }) {
		one, do := path.Join(strings.Split(dirs[0], "/")[:level+1]...), "pack"
		if s.folder != "" {
			one, do = path.Join(s.folder, one), "name"
		}
		return nil, fmt.Errorf("the folders %s are parts of a data set, not classes; %s one of them, such as %s", stream.List(names), do, one)
	}
	if !slices.ContainsFunc(names, func(name string) bool { _, ok := folderNumber(name); return !ok }) {
		slices.SortFunc(names, func(a, b string) int {
			x, _ := folderNumber(a)
			y, _ := folderNumber(b)
			return cmp.Or(cmp.Compare(x, y), strings.Compare(a, b))
		})
	}
	if len(names) > maxLabel+1 {
		return nil, fmt.Errorf("%d folders, more than there can be classes", len(names))
	}
	class := map[string]int{}
	for i, name := range names {
		class[name] = i
	}
	for i, dir := range dirs {
		late[i].class = class[strings.Split(dir, "/")[level]]
	}
	return names, stream.CheckClasses(names)
}

// noteFolders says which folders are which classes, with the number of samples of each, and what follows. Where the classes had names
// before, it lists those that have samples, and then those that have none.
func (s *checked) noteFolders(names []string, follows string) {
	if names == nil {
		names = s.classNames()
	}
	var there, none []string
	for class := range max(len(names), s.mostOf()+1) {
		text := strconv.Itoa(class)
		if class < len(names) && names[class] != text {
			text += " " + stream.Printable(names[class])
		}
		if n := s.byFolder.count[class]; n > 0 {
			there = append(there, fmt.Sprintf("%s (%d)", text, n))
		} else if len(names) > 0 {
			none = append(none, text)
		}
	}
	if len(none) > 0 {
		follows = "; there are none of " + someOf(none) + follows
	}
	s.note("the folder is the class: " + someOf(there) + follows)
}

// mostOf is the largest class that has samples.
func (s *checked) mostOf() int {
	most := -1
	for class := range s.byFolder.count {
		most = max(most, class)
	}
	return most
}

// someOf lists the first few and the last.
func someOf(all []string) string {
	const most = 10
	if last := len(all) - 1; last > most {
		return strings.Join(all[:most], ", ") + " … " + all[last]
	}
	return strings.Join(all, ", ")
}
