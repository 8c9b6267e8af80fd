package draw

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"testing"
	"time"

	"backdrop/internal/testkit/drawtest"
)

type pngChunk struct {
	kind string
	data []byte
}

// chunksOf takes a PNG apart and checks the sum of each chunk.
func chunksOf(t *testing.T, file []byte) (all []pngChunk) {
	t.Helper()
	for rest := file[8:]; len(rest) > 0; {
		size := int(binary.BigEndian.Uint32(rest))
		all = append(all, pngChunk{string(rest[4:8]), rest[8 : 8+size]})
		if got, want := binary.BigEndian.Uint32(rest[8+size:]), crc32.ChecksumIEEE(rest[4:8+size]); got != want {
			t.Fatalf("chunk %s: sum %x, want %x", rest[4:8], got, want)
		}
		rest = rest[12+size:]
	}
	return all
}

// Each frame put in a file of its own is the picture that was added; a decoder of still pictures sees the first; and
// the numbers of the chunks are those that the specification asks for: 0, 1, 2, … over fcTL and fdAT together.
func TestAnimation(t *testing.T) {
	var frames []*image.RGBA
	for i := range 3 {
		img := image.NewRGBA(image.Rect(0, 0, 40, 30))
		for p := range 40 * 30 {
			img.SetRGBA(p%40, p/40, color.RGBA{uint8(p * (i + 1)), uint8(p / 7), uint8(80 * i), 255})
		}
		frames = append(frames, img)
	}
	var out bytes.Buffer
	a := NewAnimation(&out, len(frames), 250*time.Millisecond)
	for _, f := range frames {
		if err := a.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	samePixels(t, "as a still picture", out.Bytes(), frames[0])

	all := chunksOf(t, out.Bytes())
	if all[0].kind != "IHDR" || all[1].kind != "acTL" || !bytes.Equal(all[1].data, []byte{0, 0, 0, 3, 0, 0, 0, 0}) {
		t.Fatalf("begins with %v", all[:2])
	}
	var data [][]byte // of each frame
	sequence := uint32(0)
	number := func(c pngChunk) {
		if got := binary.BigEndian.Uint32(c.data); got != sequence {
			t.Errorf("%s has number %d, want %d", c.kind, got, sequence)
		}
		sequence++
	}
	for _, c := range all[2:] {
		switch c.kind {
		case "fcTL":
			number(c)
			data = append(data, nil)
			// 40×30 at 0,0 for 250/1000 s, nothing done after it, in place of what was there.
			want := []byte{0, 0, 0, 40, 0, 0, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 250, 3, 232, 0, 0}
			if !bytes.Equal(c.data[4:], want) {
				t.Errorf("fcTL: got %v, want %v", c.data[4:], want)
			}
		case "IDAT":
			if len(data) != 1 {
				t.Errorf("IDAT after %d fcTL", len(data))
			}
			data[0] = append(data[0], c.data...)
		case "fdAT":
			number(c)
			data[len(data)-1] = append(data[len(data)-1], c.data[4:]...)
		}
	}
	if len(data) != len(frames) || all[len(all)-1].kind != "IEND" {
		t.Fatalf("%d frames, end %s", len(data), all[len(all)-1].kind)
	}
	for i, d := range data {
		var file bytes.Buffer
		file.Write(out.Bytes()[:8])
		still := Animation{w: &file}
		for _, c := range []pngChunk{all[0], {"IDAT", d}, {"IEND", nil}} {
			if err := still.chunk(c.kind, c.data); err != nil {
				t.Fatal(err)
			}
		}
		samePixels(t, "frame", file.Bytes(), frames[i])
	}
}

func samePixels(t *testing.T, name string, file []byte, want *image.RGBA) {
	t.Helper()
	got := drawtest.Decode(t, file)
	if got.Bounds() != want.Bounds() {
		t.Fatalf("%s: got %v, want %v", name, got.Bounds(), want.Bounds())
	}
	for y := range want.Rect.Max.Y {
		for x := range want.Rect.Max.X {
			if p, q := drawtest.At(got, x, y), want.RGBAAt(x, y); p != q {
				t.Fatalf("%s: pixel %d,%d: got %v, want %v", name, x, y, p, q)
			}
		}
	}
}
