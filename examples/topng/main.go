// Topng writes the samples of a tensor stream on standard input as grey PNG files, one folder a class.
//
//	gpgen -n 8 --scales 2,6 --power 1 --size 64 | topng 2=rough 6=smooth
//
// An argument CLASS=FOLDER names the folder of a class; without one it is the class's own name. It shows how the
// streams are read in Go.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"backdrop/formats/dataset"
	"backdrop/formats/stream"
)

func main() {
	folders := map[string]string{}
	for _, arg := range os.Args[1:] {
		class, folder, ok := strings.Cut(arg, "=")
		if !ok {
			fmt.Fprintf(os.Stderr, "topng: %q is not of the form CLASS=FOLDER\n", arg)
			os.Exit(2)
		}
		folders[class] = folder
	}
	if err := convert(bufio.NewReader(os.Stdin), folders); err != nil {
		fmt.Fprintln(os.Stderr, "topng:", err)
		os.Exit(1)
	}
}

func convert(r io.Reader, folders map[string]string) error {
	in, err := dataset.Open("-", r, dataset.Options{NeedLabels: true})
	if err != nil {
		return err
	}
	defer in.Close()
	for {
		sample, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(sample.Shape) != 3 || sample.Shape[0] != 1 {
			return fmt.Errorf("sample %s is not a grey image", sample.Key)
		}
		folder := fmt.Sprint(sample.Label)
		if classes := in.Metadata().Classes; sample.Label < len(classes) {
			folder = classes[sample.Label]
		}
		if f := folders[folder]; f != "" {
			folder = f
		}
		if err := write(filepath.Join(folder, filepath.Base(sample.Key)+".png"), sample); err != nil {
			return err
		}
	}
}

// write maps the smallest value to black and the largest to white.
func write(name string, s *stream.Sample) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	low, high := slices.Min(s.X), slices.Max(s.X)
	picture := image.NewGray(image.Rect(0, 0, s.Shape[2], s.Shape[1]))
	for i, v := range s.X {
		picture.SetGray(i%s.Shape[2], i/s.Shape[2], color.Gray{Y: uint8(255 * (v - low) / max(high-low, 1e-30))})
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, picture), f.Close())
}
