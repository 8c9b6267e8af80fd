package stream

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// otherFormats are the endings of pictures and arrays that are not read.
var otherFormats = strings.Fields("webp bmp gif heic heif avif jp2 j2k jxl jfif jpe jif pgm ppm pbm pnm pfm exr tga psd npz pt pth mat h5 hdf5 nii dcm fits")

const (
	formats  = "arrays are read as .x.npy and .npy, pictures as .png, .jpg, .jpeg, .tif and .tiff"
	together = "members of a sample stand together"
	pack     = together + ": find DIR -type f | LC_ALL=C sort | tar -cf x.tar -T -"
)

// dataFormats are the endings of those that are read.
var dataFormats = []string{"npy", "png", "jpg", "jpeg", "tif", "tiff"}

// noData returns the error about the last sample, which has neither array nor picture, and says why that may be.
func (r *Reader) noData(key string) error {
	if other := r.beside[r.kinds[0]]; len(r.kinds) == 1 && other != "" {
		return r.lost(key, r.kinds[0], other)
	}
	why := formats
	if r.m.folder == nil { // where they do stand together
		why += "; " + r.apart(key)
	}
	other := func(kind string) bool { return hasPart(kind, otherFormats) || hasPart(kind, moreFormats) }
	if i := slices.IndexFunc(r.kinds, other); i >= 0 {
		kind, dots := clip(r.kinds[i], 40)
		why = fmt.Sprintf("%s; convert .%s%s to one of these", formats, kind, dots)
	} else if slices.ContainsFunc(r.kinds, func(kind string) bool { return hasPart(kind, dataFormats) }) {
		why = "its name ends at the first dot, and " + formats
		if r.m.folder == nil {
			why += "; a folder that is read as it is may have names with more dots"
		}
	} else if r.odd != "" {
		why = fmt.Sprintf("that is %s, but %s", r.odd, formats)
	}
	return fmt.Errorf("sample %s has neither array nor picture, only %s; %s", quoted(key), r.only(), why)
}

// NoLabel returns the error about the sample that Next has just returned, which has no label, and says why that may be.
func (r *Reader) NoLabel(key string) error {
	if err := r.BadLabel(key); err != nil {
		return err
	}
	if r.labels.why != "" {
		return r.instead(key, r.labels.why)
	}
	if r.m.folder != nil {
		return fmt.Errorf("sample %s has no label, only %s; put the samples of each class in a folder of its name and name the folder above, or put beside each a file .cls with its class", quoted(key), r.only())
	}
	return fmt.Errorf("sample %s has no label, only %s; a label is a member .cls of that name; %s", quoted(key), r.only(), r.apart(key))
}

// BadLabel returns the error about the sample that Next has just returned, which has no label, if there is a .json that cannot be
// used: it is malformed, or its "label" is none.
func (r *Reader) BadLabel(key string) error {
	switch {
	case r.labels.bad != "":
		return fmt.Errorf("%s; correct it, or leave it out", r.labels.bad)
	case r.labels.json != "":
		return r.instead(key, r.labels.json)
	}
	return nil
}

// instead is the error about a sample that has something else where a label could be.
func (r *Reader) instead(key, what string) error {
	return fmt.Errorf("sample %s has no label, only %s, and %s; a label is a member .cls of that name with a number or a name", quoted(key), r.only(), what)
}

// only lists the endings of the last sample's members.
func (r *Reader) only() string {
	kinds, dots := clip(strings.Join(r.kinds, " ."), 100)
	return "." + kinds + dots
}

// hasPart reports whether a part of an ending, such as nii or gz of nii.gz, is in a list.
func hasPart(kind string, list []string) bool {
	return slices.ContainsFunc(strings.Split(kind, "."), func(part string) bool { return slices.Contains(list, part) })
}

// apart says how to pack the members of the last sample together. If they are in the order of their names, only a folder
// whose name begins like theirs can stand between them.
func (r *Reader) apart(key string) string {
	behind, alike := strings.CutPrefix(r.m.name, key+".")
	if folder, _, inside := strings.Cut(behind, "/"); r.ahead && alike && inside {
		return fmt.Sprintf("%s, and the folder %s comes between: rename it", together, Quote(path.Base(key)+"."+folder))
	}
	return pack
}
