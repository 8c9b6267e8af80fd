package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ParseJSON is json.Unmarshal into the struct that v points to, with errors for people who wrote the JSON and do not know
// the program. A key that an object has twice is an error.
func ParseJSON(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntaxError(data, syntax)
	case errors.As(err, &kind):
		return kindError(kind, v)
	case err != nil:
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return checkKeys(d, true)
}

// checkKeys refuses a key that an object has twice: some programs take its first value and others its last. In the outermost
// object keys may not differ only in case either, because package json ignores the case of the keys of a struct.
func checkKeys(d *json.Decoder, top bool) error {
	open, err := d.Token()
	if err != nil || open != json.Delim('{') && open != json.Delim('[') {
		return err
	}
	seen := map[string]bool{}
	for d.More() {
		if open == json.Delim('{') {
			token, err := d.Token()
			if err != nil {
				return err
			}
			key := token.(string)
			if top {
				key = strings.ToLower(strings.ToUpper(key)) // both ways, for ſ and the Kelvin sign
			}
			if seen[key] {
				return fmt.Errorf("JSON has the key %s twice", Quote(key))
			}
			seen[key] = true
		}
		if err := checkKeys(d, false); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// syntaxError says where JSON is malformed.
func syntaxError(data []byte, err *json.SyntaxError) error {
	if endsEarly(err) {
		return fmt.Errorf("JSON ends too early, after %d bytes", len(data))
	}
	return fmt.Errorf("JSON, %w", syntaxPlace(data, err))
}

// endsEarly reports whether JSON is malformed because it is cut.
func endsEarly(err *json.SyntaxError) bool { return strings.HasPrefix(err.Error(), "unexpected end") }

// syntaxPlace adds the place to what is malformed.
func syntaxPlace(data []byte, err *json.SyntaxError) error {
	before := data[:max(err.Offset-1, 0)] // Offset points behind the bad byte
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("line %d, byte %d: %w", line, column, err)
}

// kindError says which key has a value of the wrong kind.
func kindError(err *json.UnmarshalTypeError, v any) error {
	if number, ok := strings.CutPrefix(err.Value, "number "); ok {
		return fmt.Errorf("%s: %s is beyond the range of numbers there", err.Field, Quote(number))
	}
	found, ok := map[string]string{"string": "text", "array": "a list", "object": "an object", "bool": "true or false", "number": "a number"}[err.Value]
	if !ok {
		found = err.Value
	}
	t := reflect.TypeOf(v).Elem()
	if err.Field == "" {
		return fmt.Errorf("JSON must be %s, found %s", plain(t), found)
	}
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name == err.Field {
			return fmt.Errorf("%s must be %s, found %s", err.Field, plain(t.Field(i).Type), found)
		}
	}
	return fmt.Errorf("%s must not be %s", err.Field, found)
}

// plain says in words which JSON a Go type is read from.
func plain(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Slice:
		return "a list of " + strings.TrimPrefix(plain(t.Elem()), "a ")
	case reflect.Struct:
		return "an object"
	}
	return "a number"
}
