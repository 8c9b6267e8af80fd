package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
)

// Read reads a model to the end of its stream and checks it. Its arrays together may take l.Member bytes.
func Read(r io.Reader, l stream.Limits) (*Model, error) {
	in, err := stream.NewMemberReader(r, l)
	if err != nil {
		return nil, err
	}
	d := decoder{left: l.Member}
	if d.left <= 0 {
		d.left = 1 << 30 // the default of package stream
	}
	for {
		m, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := d.member(m); err != nil {
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
	model Model
	known bool  // model.json was read
	left  int64 // bytes that arrays may still take
}

// member takes in one member. A data set is known by its first member, however long it is.
func (d *decoder) member(m stream.Member) error {
	var err error
	param, isParam := inFolder(m.Name, paramFolder)
	state, isState := inFolder(m.Name, stateFolder)
	switch {
	case m.Name == metaName:
		err = d.meta(m.Data)
	case isParam:
		err = d.array(&d.model.Params, param, m.Data)
	case isState:
		err = d.array(&d.model.State, state, m.Data)
	case strings.HasPrefix(m.Name, "__") && m.Name != "__meta__/dataset.json":
	case d.known:
		err = errors.New("no part of a model")
	default:
		return errNoModel
	}
	if err != nil {
		return fmt.Errorf("model: member %s: %w", m.Name, err)
	}
	return nil
}

// inFolder returns the name of an array in a folder.
func inFolder(name, folder string) (string, bool) {
	name, ok1 := strings.CutPrefix(name, folder)
	name, ok2 := strings.CutSuffix(name, suffix)
	return name, ok1 && ok2
}

func (d *decoder) meta(data []byte) error {
	if d.known {
		return errors.New("there are two of them")
	}
	d.known = true
	var v meta
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("json: %w", err)
	}
	d.model.Network, d.model.Classes, d.model.Version = v.Network, v.Classes, v.Version
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

func (d *decoder) array(dst *[]Param, name string, data []byte) error {
	in := bytes.NewReader(data)
	a, err := npy.Read(in, d.left)
	if err == io.EOF {
		return fmt.Errorf("npy: no data: %w", io.ErrUnexpectedEOF)
	}
	if err != nil {
		return err
	}
	if in.Len() > 0 {
		return fmt.Errorf("%d bytes behind the array", in.Len())
	}
	size := 4 * int64(a.Len())
	if size > d.left {
		return fmt.Errorf("%d bytes as float32 are more than the %d that the limit leaves", size, d.left)
	}
	d.left -= size
	values, err := a.Float32()
	*dst = append(*dst, Param{name, a.Shape, values})
	return err
}
