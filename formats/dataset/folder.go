package dataset

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// IsFolder reports whether data of that name are a folder, which can be read as often as one likes.
func IsFolder(name string) bool {
	info, err := os.Stat(name)
	return name != "" && name != "-" && err == nil && info.IsDir()
}

// folderName is the name of a folder without slashes at its end.
func folderName(name string) string {
	if short := strings.TrimRight(name, "/"); short != "" {
		return short
	}
	return name
}

// openFolder opens the files of a folder as the members of a stream. Those that large samples are left in are not kept open.
func (in *input) openFolder(o Options) (Source, error) {
	switch {
	case o.Labels != "":
		return nil, &AdvisedError{Err: errors.New("the samples of a folder bring their own labels"), Advice: LeaveLabels}
	case o.X != "" || o.Y != "":
		return nil, &AdvisedError{Err: errors.New("this is a folder and no .npz, whose arrays have names"), Advice: LeaveNames}
	}
	var mappings *npy.Mappings
	s := streamSource{own: in.own}
	if o.InPlace {
		mappings = &npy.Mappings{}
		s.files = mappings
		s.own = append(s.own, mappings)
	}
	var err error
	if s.Reader, err = stream.NewFolderReader(in.folder, mappings, o.Limits); err != nil {
		return nil, err
	}
	s.own = append(s.own, s.Reader)
	return s, nil
}

// passedOver says which files are no samples. Where there is no sample at all, that is an error.
func (s *checked) passedOver() error {
	r, ok := s.Source.(streamSource)
	if !ok {
		return nil
	}
	first, n := r.PassedOver()
	hidden, unseen := r.Hidden()
	if s.n > 0 && unseen > 0 {
		s.note(fmt.Sprintf("%s is in a hidden folder: passed over%s", hidden, more(unseen)))
	}
	switch archive := r.Archive(); {
	case s.n == 0 && unseen > 0:
		return fmt.Errorf("there are no samples, only files in hidden folders, such as %s; name the folder itself", hidden)
	case s.n == 0 && archive != "" && s.folder != "":
		return fmt.Errorf("there are no samples, only %s; name that file instead of the folder", archive)
	case s.n == 0 && n > 0:
		return fmt.Errorf("there are no samples, only files that are no picture, array or label, such as %s", first)
	case s.n == 0 && s.folder != "":
		return errors.New("there are no samples in the folder")
	case n > 0:
		s.note(fmt.Sprintf("%s is no picture, array or label: passed over%s", first, more(n)))
	}
	return nil
}

// more ends a line about n files that names one.
func more(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", and %d more", n-1)
}

// siblings are the names of the folders beside one in which a sample lies, itself included: all of them if the data are a folder, else
// those in which the samples with the given keys lie.
func (s *checked) siblings(dir string, left []seen) []string {
	names := []string{path.Base(dir)}
	if s.folder == "" {
		for _, sample := range left {
			if name, ok := folderBeside(dir, sample.key); ok && name != names[0] {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	all, err := os.ReadDir(filepath.Join(s.folder, filepath.FromSlash(path.Dir(dir))))
	if err != nil {
		return names
	}
	for _, d := range all {
		name := d.Name()
		if name[0] != '.' && name != names[0] && IsFolder(filepath.Join(s.folder, filepath.FromSlash(path.Dir(dir)), name)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// folderBeside is the folder of a sample's path that stands beside another folder.
func folderBeside(dir, key string) (name string, ok bool) {
	above, _ := path.Split(dir)
	below, ok := strings.CutPrefix(key, above)
	name, _, inside := strings.Cut(below, "/")
	return name, ok && inside
}
