package draw

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"io"
	"time"
)

// An Animation writes pictures one after the other as the frames of an animated PNG, which is shown again and again (W3C,
// "Portable Network Graphics (PNG) Specification (Third Edition)", 2025, §11.3.6). A viewer that knows only still
// pictures shows the first. Package image/png encodes the frames; an Animation puts them together, with one frame at a
// time in memory.
type Animation struct {
	w       io.Writer
	frames  int
	delay   time.Duration
	written int
	header  []byte // of the first frame; all frames must have the same
	chunks  uint32 // written so far that carry a sequence number
}

// NewAnimation begins an animation of that many frames, each shown for the same time.
func NewAnimation(w io.Writer, frames int, delay time.Duration) *Animation {
	return &Animation{w: w, frames: frames, delay: delay}
}

// Add writes the next frame, which must be of the size of the first and without transparent pixels.
func (a *Animation) Add(img *image.RGBA) error {
	var file bytes.Buffer
	if err := encoder.Encode(&file, img); err != nil {
		return fmt.Errorf("writing PNG: %w", err)
	}
	return a.add(file.Bytes())
}

// add takes a PNG apart and writes its data as a frame.
func (a *Animation) add(file []byte) error {
	const signature = 8
	first := a.written == 0
	if first {
		if _, err := a.w.Write(file[:signature]); err != nil {
			return err
		}
	}
	for rest := file[signature:]; len(rest) > 0; {
		size := binary.BigEndian.Uint32(rest)
		kind, data := string(rest[4:8]), rest[8:8+size]
		rest = rest[8+size+4:]
		var err error
		switch {
		case kind == "IHDR" && first:
			a.header = bytes.Clone(data)
			err = a.chunk(kind, data)
			if err == nil {
				err = a.chunk("acTL", words(uint32(a.frames), 0)) // 0: without end
			}
			if err == nil {
				err = a.control()
			}
		case kind == "IHDR":
			if !bytes.Equal(data, a.header) {
				panic("draw: frames of different sizes or kinds")
			}
			err = a.control()
		case kind == "IDAT" && first:
			err = a.chunk(kind, data)
		case kind == "IDAT":
			err = a.chunk("fdAT", append(words(a.next()), data...))
		}
		if err != nil {
			return err
		}
	}
	a.written++
	return nil
}

// Close ends the animation, after its last frame.
func (a *Animation) Close() error {
	if a.written != a.frames {
		panic("draw: an animation with another number of frames than it was to have")
	}
	return a.chunk("IEND", nil)
}

// control says that a frame follows which fills the picture and replaces what was there.
func (a *Animation) control() error {
	data := append(words(a.next()), a.header[:8]...) // width and height
	data = append(data, words(0, 0)...)              // where it goes
	data = binary.BigEndian.AppendUint16(data, uint16(a.delay.Milliseconds()))
	data = binary.BigEndian.AppendUint16(data, 1000)
	return a.chunk("fcTL", append(data, 0, 0)) // keep the picture afterwards, and replace the last frame
}

func (a *Animation) next() uint32 {
	a.chunks++
	return a.chunks - 1
}

func (a *Animation) chunk(kind string, data []byte) error {
	b := append(words(uint32(len(data))), kind...)
	b = append(b, data...)
	_, err := a.w.Write(append(b, words(crc32.ChecksumIEEE(b[4:]))...))
	return err
}

func words(v ...uint32) (b []byte) {
	for _, v := range v {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}
