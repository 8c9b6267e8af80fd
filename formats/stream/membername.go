package stream

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// maxPath bounds the name of a member, in bytes: four times the longest name of ustar.
const maxPath = 1 << 10

// cleanName checks the name of a member and returns it without "./" and doubled slashes.
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

// isMeta reports whether a member belongs to the whole stream and not to a sample: a part of its path is __*__.
func isMeta(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if len(part) >= 4 && strings.HasPrefix(part, "__") && strings.HasSuffix(part, "__") {
			return true
		}
	}
	return false
}

// isText reports whether a member is text that is read as a whole: metadata, or the JSON of a sample.
func isText(name string) bool {
	_, ext, _, _ := splitKey(name)
	return ext == "json" || strings.HasPrefix(name, "__meta__/") || strings.Contains(name, "/__meta__/")
}

// split returns the key of the current member's sample and what the member holds.
func (m *MemberReader) split() (key, ext string) {
	if m.key != "" {
		return m.key, strings.ToLower(m.name[len(m.key)+1:])
	}
	key, ext, _, _ = splitKey(m.name)
	return key, ext
}

// splitKey cuts a name at the first dot of its base name. A hidden file, whose base name starts with a dot, has no key.
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
