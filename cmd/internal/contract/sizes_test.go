package contract

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/lib/dims"
	"backdrop/lib/rng"
)

// photographs packs pictures of different sizes as tars, train.tar and test.tar, each with its label: lying and standing stripes
// of two periods, in noise.
func photographs(t *testing.T, dir string, sizes ...[2]int) {
	t.Helper()
	if sizes == nil {
		sizes = [][2]int{{48, 64}, {64, 48}, {90, 40}}
	}
	for seed, name := range []string{"train", "test"} {
		var members []string
		for i := range 24 {
			h, w := sizes[i%len(sizes)][0], sizes[i%len(sizes)][1]
			r := rng.New(uint64(seed), rng.Field, uint64(i))
			class := i / 3 % 2
			m := image.NewRGBA(image.Rect(0, 0, w, h))
			for y := range h {
				for x := range w {
					place := y
					if class == 1 {
						place = x
					}
					v := 60 + 120*(place/4%2) + r.IntN(40)
					m.Set(x, y, color.RGBA{uint8(v), uint8(255 - v), uint8(v / 2), 255})
				}
			}
			key := fmt.Sprintf("%s%02d", name, i)
			f, err := os.Create(filepath.Join(dir, key+".png"))
			if err == nil {
				err = png.Encode(f, m)
			}
			if err == nil {
				err = f.Close()
			}
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, key+".cls"), []byte(strconv.Itoa(class)), 0o666)
			}
			if err != nil {
				t.Fatal(err)
			}
			members = append(members, key+".cls", key+".png")
		}
		must(t, dir, "tar -cf "+name+".tar "+strings.Join(members, " "))
	}
}

// accuracy is what bdeval says of a model on some data.
func accuracy(t *testing.T, dir, args string) float64 {
	t.Helper()
	code, out, stderr := shell(t, dir, "bdeval --metrics accuracy "+args)
	words := strings.Fields(out)
	if code != 0 || len(words) == 0 {
		t.Fatalf("bdeval %s: code %d, %s%s", args, code, out, stderr)
	}
	v, err := strconv.ParseFloat(words[len(words)-1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Photographs of different sizes train together, resized or as windows, and are judged likewise, the same on any number of threads,
// after a stop, and read once as well as kept.
func TestPhotographsOfDifferentSizes(t *testing.T) {
	dir := t.TempDir()
	photographs(t, dir)
	for name, flags := range map[string]string{"resized": "--resize 32", "to a rectangle": "--resize 24x40 --augment flip", "windows": "--augment crop=32", "windows and a mask": "--augment crop=24x32,flip --mask fine=0.5:HW"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(dir)
			train := "bdtrain --quiet --classes 2 --batch 6 --lr 0.003 " + flags + " train.tar"
			must(t, dir, "set -e; rm -f ck*\n"+
				train+" --epochs 12 --threads 1 --val test.tar --log one.jsonl -o one\n"+
				train+" --epochs 12 --threads 3 --val test.tar --log two.jsonl < /dev/null > two; cmp one two\n"+
				"strip() { sed 's/.\"seconds.*//' $1; }; strip one.jsonl > a; strip two.jsonl > b; cmp a b\n"+
				train+" --epochs 5 --val test.tar --checkpoint ck -o part; "+train+" --epochs 12 --val test.tar --resume ck -o resumed; cmp one resumed\n"+
				train+" --epochs 12 --val test.tar --memory 64M -o small; cmp one small\n"+
				train+" --epochs 1 --every-steps 2 --checkpoint ck1 -o once; cat train.tar | "+strings.TrimSuffix(train, "train.tar")+" --epochs 1 --threads 1 -o piped; cmp once piped\n"+
				"cp ck1 ck2; "+train+" --epochs 1 --resume ck2 -o again; cmp once again\n"+
				train+" --epochs 1 --val-fraction 0.25 --val-every 1 -o kept\n"+
				train+" --dry-run --val test.tar | grep -q 'peak memory'")
			if got := accuracy(t, dir, "-m one test.tar --quiet"); got < 0.9 {
				t.Errorf("accuracy %v of what was learned", got)
			}
			must(t, dir, "set -e\nbdeval -m one test.tar --scores-out all.npy > all.txt\n"+
				"for b in 1 5 24; do for j in 1 3; do bdeval -m one --batch $b --threads $j --scores-out some.npy < test.tar > some.txt; cmp all.npy some.npy; cmp all.txt some.txt; done; done\n"+
				"bdeval -m one --memory 64M test.tar --scores-out some.npy > some.txt; cmp all.npy some.npy\n"+
				"bdeval -m once test.tar > once.txt")
			log, err := os.ReadFile(filepath.Join(dir, "one.jsonl"))
			if err != nil || strings.Count(string(log), `"val_accuracy":`) != 12 {
				t.Errorf("the log %s, %v", log, err)
			}
		})
	}
}

// The scores of whole samples do not depend on which others are there, nor on their order.
func TestScoresOfSizesByThemselves(t *testing.T) {
	dir := t.TempDir()
	photographs(t, dir, [2]int{40, 50}, [2]int{33, 70}, [2]int{70, 33}, [2]int{32, 32}, [2]int{41, 41})
	must(t, dir, "set -e; bdtrain train.tar --quiet --epochs 2 --classes 2 --augment crop=32 -o m\n"+
		"bdeval -m m test.tar --scores-out all.npy --metrics none > /dev/null\n"+
		"for i in 07 03 11; do tar -cf $i.tar test$i.cls test$i.png; bdeval -m m $i.tar --metrics none --scores-out $i.npy > /dev/null; done")
	row := func(name string, i int) string {
		f, err := npy.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return fmt.Sprint(f.Float64()[2*i : 2*i+2])
	}
	for _, i := range []int{7, 3, 11} {
		if one, all := row(fmt.Sprintf("%02d.npy", i), 0), row("all.npy", i); one != all {
			t.Errorf("sample %d has the scores %s among others, %s alone", i, all, one)
		}
	}
}

// What resizing gives is what the model was trained with, wherever the samples lie: large ones stay in their file. The model resizes
// by itself, in the pictures as well, and a run that begins with it does so, too.
func TestModelsResize(t *testing.T) {
	dir := t.TempDir()
	photographs(t, dir)
	must(t, dir, "set -e\n"+
		"bdtrain train.tar --quiet --epochs 2 --classes 2 --resize 24x40 -o m.tar\n"+
		"tar -xOf m.tar __meta__/model.json > model.json; grep -q '\"resize\": \"area\"' model.json; grep -q '\"resize\": \"24x40\"' model.json; grep -q 'h=24 w=40' model.json\n"+
		"bdeval -m m.tar test.tar > scores.txt\n"+
		"maskviz -m m.tar --mode overlay --draws 2 test.tar > overlay.png; maskviz -m m.tar --mode gradient --batch 3 test.tar > gradient.png\n"+
		"bdtrain train.tar --quiet --epochs 1 --classes 2 --lr 1e-30 --opt sgd --init m.tar -o next.tar; bdeval -m next.tar test.tar > next.txt; cmp scores.txt next.txt\n"+
		"bdtrain train.tar --quiet --epochs 3 --init m.tar -o whole.tar\n"+
		"bdtrain train.tar --quiet --epochs 2 --init m.tar --checkpoint ck.tar -o part.tar; bdtrain train.tar --quiet --epochs 3 --resume ck.tar -o resumed.tar; cmp whole.tar resumed.tar\n"+
		"bdtrain train.tar --quiet --classes 2 --resize 26x36 --print-net > net.txt; bdtrain train.tar --quiet --epochs 2 --init m.tar --net net.txt --resize 26x36 -o other.tar; tar -xOf other.tar __meta__/model.json | grep -q 'h=26 w=36'")
	code, _, stderr := shell(t, dir, "bdtrain train.tar --quiet --epochs 3 --classes 2 --resize 24 --checkpoint c -o /dev/null; bdtrain train.tar --quiet --classes 2 --epochs 4 --resize 32 --resume c")
	if code != 2 || !strings.Contains(stderr, "the checkpoint was made with another --resize (24, now 32)") {
		t.Errorf("another size: code %d, %s", code, stderr)
	}
}

// One line says what to do about samples that differ in size, and that works.
func TestRemediesOfSizes(t *testing.T) {
	dir := t.TempDir()
	photographs(t, dir)
	must(t, dir, "printf '%s\\n' 'input c=3 h=40 w=40' 'conv out=4 kernel=3' relu gap 'linear out=2' > gap.txt; printf '%s\\n' 'input c=3 h=40 w=40' 'conv out=4 kernel=3' relu 'maxpool kernel=8' flatten 'linear out=2' > flat.txt\n"+
		"tar -cf one.tar test00.cls test00.png test03.cls test03.png")
	for command, want := range map[string]string{
		"bdtrain train.tar":                                             "bdtrain: reading train.tar: sample train01 has shape [3 64 48], but sample train00 has [3 48 64]; pictures are turned as their EXIF orientation says; try --resize 32 or --augment crop=32, which takes windows of them",
		"bdtrain train.tar --epochs 1 --classes 2":                      "bdtrain: reading train.tar: sample train01 has shape [3 64 48], but sample train00 has [3 48 64]; pictures are turned as their EXIF orientation says; try --resize 32 or --augment crop=32, which takes windows of them",
		"bdtrain train.tar --net gap.txt":                               "bdtrain: reading train.tar: sample train01 has shape [3 64 48], but sample train00 has [3 48 64]; pictures are turned as their EXIF orientation says; try --resize 40 or --augment crop=40, which takes windows of them",
		"bdtrain train.tar --net flat.txt":                              "bdtrain: reading train.tar: sample train01 has shape [3 64 48], but sample train00 has [3 48 64]; pictures are turned as their EXIF orientation says; try --resize 40",
		"bdtrain train.tar --augment flip,crop=48":                      "bdtrain: reading train.tar: sample train02 is 3×90×40, which is smaller than crops of 48; try --resize 32 or --augment flip,crop=32, which takes windows of them",
		"bdtrain train.tar --augment crop=48 --epochs 1 --classes 2":    "bdtrain: reading train.tar: sample train02 is 3×90×40, which is smaller than crops of 48; try --resize 64 or --augment crop=32, which takes windows of them",
		"bdtrain train.tar --net flat.txt --augment crop=40":            "bdtrain: samples that differ in size are judged as a whole: net: on samples of 3×48×64 4.weight has shape [2 140], on those of 3×40×40 [2 64]; end the network with gap or gmp, or take --resize 40",
		"bdtrain train.tar --net flat.txt --augment crop=40 --epochs 1": "bdtrain: samples that differ in size are judged as a whole: net: on samples of 3×48×64 4.weight has shape [2 140], on those of 3×40×40 [2 64]; end the network with gap or gmp, or take --resize 40",
		"bdtrain one.tar --val train.tar":                               "bdtrain: reading train.tar: sample train01 has shape [3 64 48], but sample train00 has [3 48 64]; pictures are turned as their EXIF orientation says; try --resize 48x64 or --augment crop=32, which takes windows of them",
		"bdtrain train.tar --resize 16x16x16":                           "bdtrain: reading train.tar: sample train00 has shape [3 48 64], which cannot be resized to 16x16x16: it has 2 axes besides channels",
	} {
		code, out, stderr := shell(t, dir, command+" --quiet")
		if code != 1 || stderr != want+"\n" || strings.HasPrefix(command, "bdtrain") && out != "" {
			t.Errorf("%s: code %d\n got %swant %s", command, code, stderr, want)
		}
		if _, remedy, ok := strings.Cut(want, "; try "); ok {
			first, second, _ := strings.Cut(strings.TrimSuffix(remedy, ", which takes windows of them"), " or ")
			for _, flags := range []string{first, second} {
				if before, _, _ := strings.Cut(command, " --augment"); flags != "" {
					must(t, dir, before+" --epochs 2 --classes 2 --quiet -o remedied "+flags+"; bdeval -m remedied test.tar > /dev/null")
				}
			}
		}
	}
	for command, want := range map[string]string{
		"bdtrain train.tar --resize 0":              `bdtrain: --resize "0" is neither a positive number of pixels, such as 128, nor one for each axis, such as 96x128; see bdtrain --help`,
		"bdtrain train.tar --resize big":            `bdtrain: --resize "big" is neither a positive number of pixels, such as 128, nor one for each axis, such as 96x128; see bdtrain --help`,
		"bdtrain --dry-run --size 9 --resize 4x5x6": "bdtrain: --resize 4x5x6 has 3 sizes, but the samples are 1×9×9; see bdtrain --help",
	} {
		if code, out, stderr := shell(t, dir, command+" --quiet"); code != 2 || out != "" || stderr != want+"\n" {
			t.Errorf("%s: code %d\n got %swant %s", command, code, stderr, want)
		}
	}
	same := t.TempDir()
	photographs(t, same, [2]int{40, 40})
	must(t, same, "bdtrain train.tar --quiet --epochs 2 --classes 2 -o m; bdtrain train.tar --quiet --epochs 2 --classes 2 --resize 40 -o resized; bdeval -m m test.tar > a; bdeval -m resized test.tar > b; cmp a b")
	for command, want := range map[string]string{
		"bdeval -m " + same + "/m train.tar": "bdeval: sample train00 is 3×48×64, but the network takes 3×40×40; one that is trained with --resize or --augment crop=N takes other sizes\n",
		"gpgen -n 2 --size 12 --scales 1,2:4 --format npy -o grey.npy; bdeval -m " + same + "/resized grey.npy --metrics none": "bdeval: sample 000000 is 1×12×12, but the network takes 3×40×40\n",
		"bdtrain " + same + "/train.tar --val train.tar":                                                                       "bdtrain: reading train.tar: sample train01 has shape [3 64 48], but sample train00 has [3 48 64]; pictures are turned as their EXIF orientation says; try --resize 40 or --augment crop=32, which takes windows of them\n",
		"bdtrain " + same + "/train.tar --val one.tar":                                                                         "bdtrain: the samples of --val one.tar are 3×48×64, those to train on 3×40×40; try --resize 40 or --augment crop=32, which takes windows of them\n",
		"cat train.tar | bdeval -m " + same + "/resized - --metrics none":                                                      "bdeval: reading stdin: sample train02 is resized from 90x40 to 40x40, which changes its aspect by 2.25 times; crops (or padding beforehand) keep it\n",
		"bdtrain " + same + "/train.tar --classes 2 --epochs 1 --val one.tar --augment crop=32 -o /dev/null":                   "",
	} {
		wantCode := 1
		if want == "" || strings.Contains(want, "is resized") {
			wantCode = 0
		}
		if code, _, stderr := shell(t, dir, command+" --quiet"); code != wantCode || stderr != want {
			t.Errorf("%s: code %d\n got %swant %s", command, code, stderr, want)
		}
	}
	must(t, dir, "bdtrain "+same+"/train.tar --quiet --classes 2 --epochs 2 --augment crop=32 -o cropped; tar -xf cropped --zstd -O __meta__/model.json | grep -q 'h=40 w=40'\n"+ // as its samples
		"bdeval -m cropped test.tar > /dev/null; bdtrain train.tar --quiet --epochs 2 --init cropped --augment crop=24 -o next; bdeval -m next test.tar > /dev/null")
	code, out, stderr := shell(t, dir, "bdtrain --dry-run --shape 3,100,300 --axes CHW --resize 32x48")
	if code != 0 || stderr != "" || !strings.Contains(out, "3×32×48") {
		t.Errorf("a plan of resized samples: code %d, %s%s", code, out, stderr)
	}
}

// Where nobody says that arrays are sequences or volumes, the error of their sizes asks it; with the axes, lengths may differ.
func TestSizesOfOtherDimensions(t *testing.T) {
	dir := t.TempDir()
	for axes, shapes := range map[string][2][]int{"NCT": {{2, 90}, {2, 131}}, "NDHW": {{9, 12, 10}, {9, 14, 13}}} {
		must(t, dir, "rm -f *.npy *.cls")
		for i := range 12 {
			shape := shapes[i%2]
			x := make([]float32, dims.Count(shape))
			for j := range x {
				x[j] = float32((j*7919+i*31)%101)/50 - 1 + float32(i/2%2)
			}
			golden.Save(t, filepath.Join(dir, fmt.Sprintf("%02d.npy", i)), npy.Float32, shape, x)
			must(t, dir, fmt.Sprintf("echo %d > %02d.cls", i/2%2, i))
		}
		must(t, dir, "tar -cf x.tar --sort=name *.cls *.npy; ls | grep '^[0-9]' | sort | tar -cf x.tar -T -")
		what := map[string]string{"NCT": "sequences", "NDHW": "volumes"}[axes]
		code, _, stderr := shell(t, dir, "bdtrain x.tar --quiet")
		if want := fmt.Sprintf("bdtrain: reading x.tar: sample 01 has shape %v, but sample 00 has %v; if they are %s, their axes are %s; try --resize 32", shapes[1], shapes[0], what, axes); code != 1 || !strings.HasPrefix(stderr, want) {
			t.Errorf("%s: code %d\n got %swant %s", axes, code, stderr, want)
		}
		for _, flags := range []string{"--resize 16", "--augment crop=9"} {
			must(t, dir, "bdtrain x.tar --quiet --epochs 20 --axes "+axes+" "+flags+" -o m")
			if got := accuracy(t, dir, "-m m x.tar --axes "+axes+" --quiet"); got < 0.9 {
				t.Errorf("%s %s: accuracy %v", axes, flags, got)
			}
		}
	}
}

// Small windows of large samples of one size: the preset of these would be too deep for them, so it is that of the windows. The
// model judges whole samples.
func TestSmallWindows(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, `gpgen -n 8 --size 256 --scales 2,6 --power 1 --quiet -o large.tar
		bdtrain large.tar --augment crop=16 --epochs 2 --quiet -o m
		bdtrain large.tar --augment crop=16 --epochs 2 --threads 1 --quiet -o again
		cmp m again
		bdtrain --print-net --size 16 --classes 2 | tail -n +2 > windows
		bdtrain --init m --print-net | tail -n +2 | cmp - windows
		bdtrain --init m --print-net | grep -q "^input c=1 h=256 w=256"
		bdeval -m m large.tar --json --metrics accuracy | grep '"n":8,'`)
	code, out, line := shell(t, dir, "bdtrain large.tar --augment crop=3 --epochs 2 -o x")
	if code == 0 || out != "" || strings.Count(line, "\n") != 1 {
		t.Errorf("code %d, %q: %s", code, out, line)
	}
	t.Log(line)
}
