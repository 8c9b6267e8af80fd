package stream

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"backdrop/formats/npy"
	"backdrop/lib/pixels"
)

// folder lists the regular files of a folder and of the folders in it, as a stream would hold them: in the order of `find -type f |
// LC_ALL=C sort`, but with all members of a sample together. Links are followed. Hidden files and folders are skipped.
type folder struct {
	name     string        // as the user wrote it
	mappings *npy.Mappings // in which large arrays are left in their files; nil: they are not
	passed   *passed       // what is no file
	under    []branch      // folders under way, the outermost first
}

// branch is a folder under way.
type branch struct {
	info    fs.FileInfo
	entries []entry // that are still to come
}

// entry is a file in a folder, or a folder.
type entry struct {
	name string // its path below the outermost folder
	key  string // of its sample; "" if it has none
	sort string // what it is sorted by
	dir  bool
}

// macFolder holds what an archive made by macOS keeps besides the files themselves.
const macFolder = "__MACOSX"

// next returns the next file. It returns io.EOF behind the last.
func (f *folder) next() (entry, error) {
	for len(f.under) > 0 {
		b := &f.under[len(f.under)-1]
		if len(b.entries) == 0 {
			f.under = f.under[:len(f.under)-1]
			continue
		}
		e := b.entries[0]
		b.entries = b.entries[1:]
		if !e.dir {
			return e, nil
		}
		if err := f.enter(e.name); err != nil {
			return entry{}, err
		}
	}
	return entry{}, io.EOF
}

// enter goes into a folder, whose name is "" if it is the outermost, unless that is under way already: then a link leads back to it.
func (f *folder) enter(name string) error {
	info, err := os.Stat(f.path(name))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(f.under, func(b branch) bool { return os.SameFile(b.info, info) }) {
		f.passed.add(name, 1)
		return nil
	}
	entries, err := f.list(name)
	f.under = append(f.under, branch{info, entries})
	return err
}

// path is the name by which the system knows a file.
func (f *folder) path(name string) string { return filepath.Join(f.name, filepath.FromSlash(name)) }

// list lists what is in a folder.
func (f *folder) list(folder string) ([]entry, error) {
	all, err := os.ReadDir(f.path(folder))
	if err != nil {
		return nil, err
	}
	var entries []entry
	for _, d := range all {
		name := d.Name()
		if name[0] == '.' || name == macFolder {
			continue
		}
		e := entry{name: name, sort: name}
		if folder != "" {
			e.name = folder + "/" + name
		}
		mode := d.Type()
		if mode&fs.ModeSymlink != 0 {
			mode = 0
			if info, err := os.Stat(f.path(e.name)); err == nil { // else opening it will say what is wrong
				mode = info.Mode()
			}
		}
		switch e.dir = mode.IsDir(); {
		case e.dir && isMeta(name):
			e.sort = "" // first, as what it says is about all samples
		case e.dir:
			e.sort += "/"
		case !mode.IsRegular():
			f.passed.add(e.name, 1)
			continue
		}
		if _, err := cleanName(e.name); err != nil {
			if !e.dir && !strings.Contains(name, ".") { // such as macOS's "Icon\r"
				f.passed.add(e.name, 1)
				continue
			}
			return nil, fmt.Errorf("file %s: %w", quoted(e.name), err)
		}
		entries = append(entries, e)
	}
	findKeys(entries)
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(strings.Compare(a.sort, b.sort), strings.Compare(a.name, b.name)) })
	return entries, nil
}

// findKeys finds the keys of files. Where those of arrays and pictures would end at the last dot, but none at the first, so do all
// that begin like them, as "Shot 10.30.png" and "Shot 10.31.png".
func findKeys(entries []entry) {
	first, last := map[string]bool{}, map[string]bool{} // keys up to the first dot of arrays and pictures that end there, or at the last
	for i, e := range entries {
		key, kind, _, err := splitKey(e.name)
		if e.dir || err != nil {
			continue
		}
		entries[i].key = key
		first[key] = first[key] || kind == "x.npy" || slices.Contains(dataFormats, kind)
		last[key] = last[key] || slices.Contains(dataFormats, kind[strings.LastIndexByte(kind, '.')+1:])
	}
	for i := range entries {
		e := &entries[i]
		if e.key == "" {
			continue
		}
		if last[e.key] && !first[e.key] {
			name := e.name
			for _, ending := range []string{".x.npy", ".y.npy"} {
				if strings.HasSuffix(strings.ToLower(name), ending) {
					name = name[:len(name)-len(".npy")]
				}
			}
			e.key = name[:strings.LastIndexByte(name, '.')]
		}
		e.sort = e.key[strings.LastIndexByte(e.key, '/')+1:] + "."
	}
}

// NewFolderReader is NewReader for the files of a folder and of the folders in it. With mappings, large arrays (pixels.Small) are
// left in their files. Close closes the file that is read.
func NewFolderReader(name string, mappings *npy.Mappings, l Limits) (*Reader, error) {
	m := &MemberReader{limits: l.OrDefault()}
	m.folder = &folder{name: name, mappings: mappings, passed: &m.passed}
	if err := m.folder.enter(""); err != nil {
		return nil, err
	}
	r, err := newReader(m)
	if err != nil {
		m.closeFile()
	}
	return r, err
}

// Count is the number of samples in a folder, by the names of its files; 0 of a stream, or if there is a folder in it that cannot be
// read.
func (r *Reader) Count() int {
	if r.m.folder == nil {
		return 0
	}
	f := &folder{name: r.m.folder.name, passed: &passed{}}
	if f.enter("") != nil {
		return 0
	}
	count, last := 0, ""
	for {
		e, err := f.next()
		if err == io.EOF {
			return count
		}
		if err != nil {
			return 0
		}
		_, kind, _, err := splitKey(e.name)
		if err == nil && e.key != last && (kind == "x.npy" || slices.Contains(dataFormats, kind[strings.LastIndexByte(kind, '.')+1:])) {
			count, last = count+1, e.key
		}
	}
}

// Close closes the file of a folder that is read; of a stream there is none.
func (r *Reader) Close() error {
	if r.m.folder == nil {
		return nil
	}
	return r.m.closeFile()
}

// closeFile closes the current file of a folder.
func (m *MemberReader) closeFile() (err error) {
	if m.file != nil {
		err = m.file.Close()
		m.file = nil
	}
	return err
}

// advanceFile goes to the next file of the folder. Only one is open at a time.
func (m *MemberReader) advanceFile() (bool, error) {
	m.closeFile()
	e, err := m.folder.next()
	if err != nil {
		return false, err
	}
	if m.file, err = os.Open(m.folder.path(e.name)); err != nil {
		if target, no := os.Readlink(m.folder.path(e.name)); no == nil && errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("file %s is a link to %s, which is not there; mend or remove it", quoted(e.name), quoted(target))
		}
		return false, err
	}
	info, err := m.file.Stat()
	if err != nil {
		return false, err
	}
	m.name, m.key, m.size, m.buf, m.body = e.name, e.key, info.Size(), m.buf[:0], m.file
	m.proven = max(m.proven, m.size)
	return true, nil
}

// complete returns an error if the current file, all of which was read, has grown.
func (m *MemberReader) complete() error {
	if n, err := m.body.Read(make([]byte, 1)); n > 0 {
		return fmt.Errorf("the file has grown from %d bytes while it was read; start again when it is complete", m.size)
	} else if err != io.EOF {
		return err
	}
	return nil
}

// placeFile is place for the current file of a folder.
func (m *MemberReader) placeFile() *npy.Array {
	if m.folder.mappings == nil || m.size <= int64(pixels.Small) {
		return nil
	}
	return m.folder.mappings.Array(m.file, pixels.Small)
}
