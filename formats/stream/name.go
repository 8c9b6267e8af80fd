package stream

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPath bounds the name of a member, in bytes: four times what ustar has room for.
const maxPath = 1 << 10

// cleanName returns the name of a member without "./" and doubled slashes.
func cleanName(name string) (string, error) {
	switch {
	case name == "":
		return "", errors.New("member without a name")
	case len(name) > maxPath:
		return "", fmt.Errorf("name of %d bytes, the limit is %d", len(name), maxPath)
	case textFault(name) != "":
		return "", fmt.Errorf("name %s; rename the file", textFault(name))
	case name[0] == '/':
		return "", errors.New("absolute name; pack with names relative to a folder")
	case strings.HasSuffix(name, "/"):
		return "", errors.New("name of a folder")
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", errors.New(`name with ".."`)
		}
	}
	if name = path.Clean(name); name == "." {
		return "", errors.New("name of a folder")
	}
	return name, nil
}

// textFault says why s is no line of text; "" if it is one. Spaces of all widths, joiners, soft hyphens and marks of
// direction are in the names that people give their files: they are text, though not all of them print.
func textFault(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "is not UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "has a control character"
	}
	return ""
}

// quoted makes a name from a stream fit for an error line: quoted, unless all of it prints.
func quoted(name string) string {
	dots := ""
	if len(name) > maxPath {
		name, dots = clip(name, 100)
	}
	if name != "" && Printable(name) == name {
		return name + dots
	}
	return strconv.Quote(name) + dots
}

// isMeta reports whether a member belongs to the stream and not to a sample: a part of its path is __*__.
func isMeta(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if len(part) >= 4 && strings.HasPrefix(part, "__") && strings.HasSuffix(part, "__") {
			return true
		}
	}
	return false
}

// isText reports whether a member is read as a whole, to be parsed: metadata, and the JSON of a sample.
func isText(name string) bool {
	_, ext, _, _ := splitKey(name)
	return ext == "json" || strings.HasPrefix(name, "__meta__/") || strings.Contains(name, "/__meta__/")
}

// splitKey cuts a name at the first dot of its base name. A hidden file has no key.
func splitKey(name string) (key, ext string, hidden bool, err error) {
	base := len(name) - len(path.Base(name))
	dot := strings.IndexByte(name[base:], '.')
	switch {
	case dot < 0:
		return "", "", false, errors.New("name without a dot says neither its sample nor what it holds")
	case dot == 0:
		return "", "", true, nil
	}
	return name[:base+dot], strings.ToLower(name[base+dot+1:]), false, nil
}
