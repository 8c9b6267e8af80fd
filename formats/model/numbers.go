package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"backdrop/formats/stream"
)

// encodeNumbers returns one number as a JSON number, several as a list, and none as nil.
func encodeNumbers(v []float32) json.RawMessage {
	var text []byte
	var err error
	switch len(v) {
	case 0:
		return nil
	case 1:
		text, err = json.Marshal(v[0])
	default:
		text, err = json.Marshal(v)
	}
	if err != nil {
		panic("model: numbers that were checked: " + err.Error())
	}
	return text
}

// decodeNumbers decodes what encodeNumbers returned, the value of a key.
func decodeNumbers(key string, text json.RawMessage) ([]float32, error) {
	if len(text) == 0 || string(text) == "null" {
		return nil, nil
	}
	var v []float32
	list := text
	if text[0] != '[' {
		list = append(append(json.RawMessage("["), text...), ']')
	}
	err := json.Unmarshal(list, &v)
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		if number, ok := strings.CutPrefix(kind.Value, "number "); ok {
			return nil, fmt.Errorf("%s: %s is beyond the range of numbers there", key, stream.Quote(number))
		}
		return nil, fmt.Errorf("%s must be a number or a list of numbers, found %s", key, stream.Quote(string(text)))
	}
	return v, err
}
