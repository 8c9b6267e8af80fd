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
	case !printable(name):
		return "", errors.New("name is not printable text")
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

func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// quoted makes a name from a stream fit for an error line.
func quoted(name string) string {
	dots := ""
	if len(name) > maxPath {
		name, dots = clip(name, 100)
	}
	if name != "" && printable(name) {
		return name + dots
	}
	return strconv.QuoteToASCII(name) + dots
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
