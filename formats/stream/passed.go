package stream

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"backdrop/formats/sniff"
)

// passed counts files that belong to no sample, such as Thumbs.db.
type passed struct {
	first string // as it may stand in a line
	n     int
	inner string // the first of them that is an archive, and what it is; "" if none is
}

// add counts n files, of which the first has that name.
func (p *passed) add(name string, n int) {
	if p.n == 0 {
		p.first = quoted(name)
	}
	p.n += n
}

// PassedOver says which files were no array, picture or label so far: the first one, and how many there are.
func (r *Reader) PassedOver() (first string, n int) { return r.m.passed.first, r.m.passed.n }

// Hidden says which members of a stream lie in hidden folders, and were passed over: the first one, and how many there are so far.
func (r *Reader) Hidden() (first string, n int) { return r.hidden.first, r.hidden.n }

// Archive says of the first of these that is an archive what it is; "" if none is.
func (r *Reader) Archive() string { return r.m.passed.inner }

// sideFormats are the endings of what may stand beside an array or a picture, but means nothing alone.
var sideFormats = []string{"json", "txt"}

// moreFormats are further endings of pictures and volumes that are not read.
var moreFormats = strings.Fields("svg cr2 cr3 nef arw dng orf rw2 raf nrrd mha mhd mgz nc")

// inHidden reports whether a member lies in a hidden folder.
func inHidden(name string) bool {
	parts := strings.Split(name, "/")
	return slices.ContainsFunc(parts[:len(parts)-1], func(part string) bool { return part[0] == '.' })
}

// inMac reports whether a member is what macOS keeps besides the files of an archive.
func inMac(name string) bool { return slices.Contains(strings.Split(name, "/"), macFolder) }

// nature says what the current member is if that is an array or a picture, whatever its name is; else "".
func (r *Reader) nature() (string, error) {
	if r.m.size > r.m.limits.Member || r.m.size == 0 {
		return "", nil
	}
	head, err := r.m.fill(blockSize)
	if err != nil {
		return "", err
	}
	kind, _ := sniff.Of(head)
	switch {
	case kind.Picture, sniff.IsNPY(head):
		return kind.Name, nil
	case r.m.passed.inner == "" && (kind == sniff.Tar || sniff.IsZip(head) || kind.Unpack != "" && !kind.Text):
		r.m.passed.inner = fmt.Sprintf("%s, which is %s", quoted(r.m.name), kind.Name)
	}
	return "", nil
}

// nameless passes over the current member, whose name has no dot, unless it is an array or a picture.
func (r *Reader) nameless(bad error) error {
	switch what, err := r.nature(); {
	case err != nil:
		return err
	case what != "":
		return fmt.Errorf("%w, but it is %s; add an ending, such as .png", bad, what)
	}
	r.m.passed.add(r.m.name, 1)
	return nil
}

// stray reports whether members of one name, which are neither array nor picture, are no part of a sample that lacks these: no
// label, and no picture or array of a kind that is not read.
func (r *Reader) stray() bool {
	return r.odd == "" && !slices.ContainsFunc(r.kinds, func(kind string) bool {
		return kind == "cls" || kind == "y.npy" || r.beside[kind] != "" || hasPart(kind, dataFormats) || hasPart(kind, otherFormats) || hasPart(kind, moreFormats)
	})
}

// passOver passes over stray members, the first of which has that name. A label whose sample stands elsewhere is an error.
func (r *Reader) passOver(s *Sample, name string) error {
	for _, kind := range r.kinds {
		if slices.Contains(sideFormats, kind) && r.alone[kind] == "" {
			r.alone[kind] = s.Key
		}
	}
	r.m.passed.add(name, len(r.kinds))
	switch l := &r.labels; {
	case l.bad != "" || l.json != "":
		return r.together(s.Key, true, "json")
	case len(l.found) > 0:
		kind, _, _ := strings.Cut(l.found[0].in, " ")
		return r.together(s.Key, true, kind)
	}
	return nil
}

// lost is the error about a file that has no sample, where another sample has one like it.
func (r *Reader) lost(key, kind, other string) error {
	text := fmt.Sprintf("sample %s has neither array nor picture, only .%s, as sample %s has beside its own", quoted(key), kind, quoted(other))
	if r.m.folder == nil {
		text += "; " + pack
	}
	return errors.New(text)
}

// besides remembers what stands beside a sample's array or picture. Where other samples have one of a kind, what stands alone has
// lost its sample: that is an error, in whichever order they come.
func (r *Reader) besides(s *Sample) error {
	for _, kind := range r.kinds {
		if !slices.Contains(sideFormats, kind) {
			continue
		}
		if key := r.alone[kind]; key != "" {
			return r.lost(key, kind, s.Key)
		}
		r.beside[kind] = s.Key
	}
	return nil
}
