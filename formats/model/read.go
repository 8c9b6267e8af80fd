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

// Read reads a model or a checkpoint, to the end of its stream, and checks it. Its parameters together may take l.Member
// bytes, its state four times as many.
func Read(r io.Reader, l stream.Limits) (*Model, error) { return read(r, l, true) }

// ReadParams is Read for those who do not continue the training: the state of a checkpoint is checked, but not kept.
func ReadParams(r io.Reader, l stream.Limits) (*Model, error) { return read(r, l, false) }

// read is Read, and ReadParams if state is not wanted.
func read(r io.Reader, l stream.Limits, state bool) (*Model, error) {
	in, err := stream.NewMemberReader(r, l)
	if err != nil {
		return nil, err
	}
	most := l.OrDefault().Member
	d := decoder{in: in, keepState: state, params: most, state: stateCopies * most}
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

// decoder builds a model from the members of a stream.
type decoder struct {
	in            *stream.MemberReader
	keepState     bool
	model         Model
	known         bool  // model.json was read
	count         int   // arrays so far
	params, state int64 // bytes that further arrays may take
}

// member reads the current member. The name of the first member is enough to recognise a data set.
func (d *decoder) member(name string) error {
	param, isParam := inFolder(name, paramFolder)
	state, isState := inFolder(name, stateFolder)
	switch {
	case name == metaName:
		return d.meta()
	case isParam:
		p, err := d.array(name, param, &d.params)
		d.model.Params = append(d.model.Params, p)
		return err
	case isState:
		p, err := d.array(name, state, &d.state)
		if err == nil && !d.keepState {
			if err = p.check(); err != nil {
				err = memberError(name, err)
			}
			p.Data = nil
		}
		d.model.State = append(d.model.State, p)
		return err
	case strings.HasPrefix(name, "__") && name != "__meta__/dataset.json":
		return nil
	case d.known:
		return memberError(name, errors.New("no part of a model"))
	}
	return errNoModel
}

// memberError says which member an error is about.
func memberError(name string, err error) error { return fmt.Errorf("model: member %s: %w", name, err) }

// inFolder returns the name of the array that a member of a folder is.
func inFolder(name, folder string) (string, bool) {
	name, ok1 := strings.CutPrefix(name, folder)
	name, ok2 := strings.CutSuffix(name, suffix)
	return name, ok1 && ok2
}

// meta reads model.json.
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
	for _, list := range []struct {
		key  string
		text json.RawMessage
		dst  *[]float32
	}{
		{"mean", v.Mean, &d.model.Mean}, {"std", v.Std, &d.model.Std},
		{"min", v.Min, &d.model.Range.Min}, {"max", v.Max, &d.model.Range.Max}, {"magnitude", v.Magnitude, &d.model.Range.Magnitude},
	} {
		if *list.dst, err = decodeNumbers(list.key, list.text); err != nil {
			return memberError(metaName, err)
		}
	}
	if d.model.Mean == nil { // old models may leave it out
		d.model.Mean = make([]float32, len(d.model.Std))
	}
	d.model.Resize = v.Resize
	d.model.Training, d.model.Progress = compact(v.Training), compact(v.Progress)
	return nil
}

// compact undoes the indentation that Write adds to JSON inside JSON.
func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	json.Compact(&b, raw) // valid, because all of model.json was
	return b.Bytes()
}

// array reads the current member, called member, as the array called name. It may take *left bytes, which are deducted.
func (d *decoder) array(member, name string, left *int64) (Param, error) {
	if d.count++; d.count > MaxArrays {
		return Param{}, memberError(member, fmt.Errorf("a model has at most %d arrays", MaxArrays))
	}
	a, err := d.in.Array(*left)
	if err != nil {
		return Param{}, err
	}
	*left -= 4 * int64(a.Len())
	values, err := a.Float32()
	if err != nil {
		return Param{}, memberError(member, err)
	}
	return Param{name, a.Shape, values}, nil
}
