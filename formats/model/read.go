package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"backdrop/formats/stream"
)

// Read reads a model to the end of its stream and checks it. Its arrays together may take l.Member bytes.
func Read(r io.Reader, l stream.Limits) (*Model, error) {
	in, err := stream.NewMemberReader(r, l)
	if err != nil {
		return nil, err
	}
	d := decoder{in: in, left: l.Member}
	if d.left <= 0 {
		d.left = 1 << 30 // the default of package stream
	}
	for {
		name, err := in.Open()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = d.member(name)
		}
		if err != nil {
			return nil, err
		}
	}
	if !d.known {
		return nil, errNoModel
	}
	if err := d.model.check(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return &d.model, nil
}

type decoder struct {
	in    *stream.MemberReader
	model Model
	known bool  // model.json was read
	count int   // of arrays
	left  int64 // bytes that arrays may still take
}

// member takes in the current member. A data set is known by the name of its first member.
func (d *decoder) member(name string) error {
	param, isParam := inFolder(name, paramFolder)
	state, isState := inFolder(name, stateFolder)
	switch {
	case name == metaName:
		return d.meta()
	case isParam:
		return d.array(&d.model.Params, name, param)
	case isState:
		return d.array(&d.model.State, name, state)
	case strings.HasPrefix(name, "__") && name != "__meta__/dataset.json":
		return nil
	case d.known:
		return memberError(name, errors.New("no part of a model"))
	}
	return errNoModel
}

func memberError(name string, err error) error { return fmt.Errorf("model: member %s: %w", name, err) }

// inFolder returns the name of an array in a folder.
func inFolder(name, folder string) (string, bool) {
	name, ok1 := strings.CutPrefix(name, folder)
	name, ok2 := strings.CutSuffix(name, suffix)
	return name, ok1 && ok2
}

func (d *decoder) meta() error {
	if d.known {
		return memberError(metaName, errors.New("there are two of them"))
	}
	d.known = true
	data, err := d.in.Bytes()
	if err != nil {
		return err
	}
	var v meta
	if err := stream.ParseJSON(data, &v); err != nil {
		return memberError(metaName, err)
	}
	d.model.Network, d.model.Classes, d.model.Positive, d.model.Version = v.Network, v.Classes, v.Positive, v.Version
	d.model.Mean, d.model.Std = v.Mean, v.Std
	d.model.Training, d.model.Progress = compact(v.Training), compact(v.Progress)
	return nil
}

// compact undoes the indentation that Write gives to JSON inside JSON.
func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	json.Compact(&b, raw) // it was valid with what is round it
	return b.Bytes()
}

// maxArrays bounds the arrays of a model: a thousand layers (package nn) have two parameters each, and a checkpoint adds
// their two moments and their best values.
const maxArrays = 8000

// array reads the current member, which is called member, as the array name.
func (d *decoder) array(dst *[]Param, member, name string) error {
	if d.count++; d.count > maxArrays {
		return memberError(member, fmt.Errorf("a model has at most %d arrays", maxArrays))
	}
	a, err := d.in.Array(d.left)
	if err != nil {
		return err
	}
	d.left -= 4 * int64(a.Len())
	values, err := a.Float32()
	if err != nil {
		return memberError(member, err)
	}
	*dst = append(*dst, Param{name, a.Shape, values})
	return nil
}
