package dataset

import (
	"archive/tar"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	testforms "backdrop/internal/testkit/forms"
	"backdrop/internal/testkit/hostile"
)

// folderOf writes files: name, content, name, content, …
func folderOf(t testing.TB, members ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	for i := 0; i < len(members); i += 2 {
		name := filepath.Join(dir, members[i])
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(members[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// dot is an array of one pixel.
func dot(v float32) string { return string(testforms.NPY("<f4", false, []int{1}, []float32{v})) }

// spot is a picture of one pixel, which may be in colour.
func spot(v byte, colour bool) string {
	if colour {
		return string(hostile.PNG(1, 1, 8, 2, string([]byte{0, v, v + 1, v + 2})))
	}
	return string(hostile.PNG(1, 1, 8, 0, string([]byte{0, v})))
}

// loaded loads data, and returns its keys with their classes, the names of these and the notes.
func loaded(name string, o Options) (samples, classes, notes []string, err error) {
	o.NeedLabels, o.Note = true, func(line string) { notes = append(notes, strings.TrimPrefix(line, "reading "+name+": ")) }
	table, err := Load(name, nil, o)
	if err != nil {
		return nil, nil, nil, err
	}
	defer table.Close()
	for i := range table.Len() {
		samples = append(samples, fmt.Sprintf("%s=%d", table.Key(i), table.Label(i)))
	}
	return samples, table.Classes(), notes, nil
}

// A folder and the tar of it, in the order of names, have the same samples with the same classes; where labels are missing these are
// the folders.
func TestFolderClasses(t *testing.T) {
	for name, c := range map[string]struct {
		members []string // without content: an array
		known   []string // Options.Classes
		samples []string
		classes []string
		note    string
		err     string
		folder  bool // in a tar it is an error
	}{
		"two":      {members: []string{"b/0.npy", "a/1.npy", "a/0.npy"}, samples: []string{"a/0=0", "a/1=0", "b/0=1"}, classes: []string{"a", "b"}, note: "the folder is the class: 0 a (2), 1 b (1)"},
		"numbers":  {members: []string{"10/0.npy", "9/0.npy", "010/1.npy"}, samples: []string{"010/1=1", "10/0=2", "9/0=0"}, classes: []string{"9", "010", "10"}, note: "the folder is the class: 0 9 (1), 1 010 (1), 2 10 (1)"},
		"words":    {members: []string{"10/0.npy", "9/0.npy", "x/1.npy"}, samples: []string{"10/0=0", "9/0=1", "x/1=2"}, classes: []string{"10", "9", "x"}, note: "the folder is the class: 0 10 (1), 1 9 (1), 2 x (1)"},
		"below":    {members: []string{"p/q/b/0.npy", "p/q/a/c/0.npy"}, samples: []string{"p/q/a/c/0=0", "p/q/b/0=1"}, classes: []string{"a", "b"}, note: "the folder is the class: 0 a (1), 1 b (1); folders below these, such as c, are not"},
		"in order": {members: []string{"a-b/0.npy", "a/0.npy", "a.b/0.npy"}, samples: []string{"a-b/0=1", "a.b/0=2", "a/0=0"}, classes: []string{"a", "a-b", "a.b"}, note: "the folder is the class: 0 a (1), 1 a-b (1), 2 a.b (1)"},
		"dots":     {members: []string{"a/Shot 10.30.npy", "a/Shot 10.31.x.npy", "b/c.npy", "b/c.seg.npy"}, samples: []string{"a/Shot 10.30=0", "a/Shot 10.31=0", "b/c=1"}, classes: []string{"a", "b"}, note: "the folder is the class: 0 a (2), 1 b (1)", folder: true},
		"known":    {members: []string{"x/b/0.npy", "x/a/0.npy"}, known: []string{"c", "b", "a"}, samples: []string{"x/a/0=2", "x/b/0=1"}, classes: []string{"c", "b", "a"}, note: "the folder is the class: 1 b (1), 2 a (1); there are none of 0 c"},
		"one":      {members: []string{"a/0.npy", "a/1.npy"}, err: `no sample has a label, and all lie in one folder, "a"; as classes there must be two or more`},
		"beside":   {members: []string{"p/a/0.npy", "p/b/0.npy", "p/c.npy"}, err: `sample p/c has no label, and lies beside the folders of classes, "a", "b", not in one`},
		"parts":    {members: []string{"Test/0.npy", "train/0.npy"}, err: `the folders "Test", "train" are parts of a data set, not classes; `},
		"unknown":  {members: []string{"a/0.npy", "b/0.npy"}, known: []string{"a", "c"}, err: `sample b/0 lies in no folder that is a class: the folders are "a", "b", the classes of the model "a", "c"`},
		"none":     {members: []string{"a/0.npy", "b/0.npy"}, known: []string{"c", "d"}, err: `sample a/0 lies in no folder that is a class: the folders are "a", "b", the classes of the model "c", "d"`},
		"long":     {members: []string{strings.Repeat("n", 201) + "/0.npy", "b/0.npy"}, err: "has 201 bytes, the limit is 200"},
	} {
		t.Run(name, func(t *testing.T) {
			var members []string
			for i, member := range c.members {
				members = append(members, member, dot(float32(i)))
			}
			dir := folderOf(t, members...)
			slices.Sort(c.members)
			for i, member := range c.members {
				members[2*i], members[2*i+1] = "./"+member, dot(1)
			}
			for _, name := range []string{dir, writeFile(t, "x.tar", archiveOf(t, tar.FormatPAX, members...))} {
				samples, classes, notes, err := loaded(name, Options{Classes: c.known, Whose: "the model"})
				if c.folder && name != dir {
					if err == nil || !strings.Contains(err.Error(), "its name ends at the first dot") {
						t.Errorf("%s: %v", name, err)
					}
					continue
				}
				if c.err != "" {
					if err == nil || !strings.HasPrefix(err.Error(), "reading "+name+": ") || !strings.Contains(err.Error(), c.err) {
						t.Errorf("%v, want %s", err, c.err)
					}
					continue
				}
				if err != nil || !slices.Equal(samples, c.samples) || !slices.Equal(classes, c.classes) || !slices.Equal(notes, []string{c.note}) {
					t.Errorf("%s: %v %v %q, %v, want %v %v %q", name, samples, classes, notes, err, c.samples, c.classes, c.note)
				}
			}
		})
	}
}

// Data that are read once have the same classes if these are known; else they are too late.
func TestFolderReadOnce(t *testing.T) {
	dir := folderOf(t, "p/b/0.npy", dot(1), "p/a/0.npy", dot(2))
	var notes []string
	o := Options{NeedLabels: true, Classes: []string{"a", "b", "c"}, Whose: "the model", Note: func(line string) { notes = append(notes, line) }}
	got, _, err := read(dir, nil, o)
	if err != nil || len(got) != 2 || got[0].Key != "p/a/0" || got[0].Label != 0 || got[1].Label != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	if want := []string{"reading " + dir + ": the folder is the class: 0 a (1), 1 b (1); there are none of 2 c"}; !slices.Equal(notes, want) {
		t.Errorf("%q, want %q", notes, want)
	}
	o.Classes = nil
	_, _, err = read(dir, nil, o)
	expect(t, "unknown classes", err, "reading "+dir+": sample p/a/0 has no label but its folder, and which folders there are shows only when all samples are read", nil)
	o.NeedLabels, o.Classes = false, []string{"a"}
	got, _, err = read(dir, nil, o)
	if err != nil || !got[0].HasLabel || got[1].HasLabel {
		t.Errorf("labels that are not needed: %v, %v", got, err)
	}
}

// All samples have labels of their own, or none has.
func TestFolderLabels(t *testing.T) {
	dir := folderOf(t, "a/0.npy", dot(1), "a/0.cls", "1", "b/0.npy", dot(1), "b/0.cls", "0")
	samples, _, notes, err := loaded(dir, Options{})
	if err != nil || !slices.Equal(samples, []string{"a/0=1", "b/0=0"}) || len(notes) > 0 {
		t.Errorf("%v %q %v", samples, notes, err)
	}
	dir = folderOf(t, "a/0.npy", dot(1), "b/0.npy", dot(1), "b/0.cls", "0")
	_, _, _, err = loaded(dir, Options{})
	expect(t, "one label", err, "reading "+dir+": sample b/0 has a label, but sample a/0 has none; label all of them, or none where the folder is the class", nil)
	dir = folderOf(t, "a/0.npy", dot(1), "a/0.cls", "0", "b/0.npy", dot(1))
	_, _, _, err = loaded(dir, Options{})
	expect(t, "one without", err, "reading "+dir+": sample b/0 has no label, only .npy; put the samples of each class in a folder of its name and name the folder above, or put beside each a file .cls with its class; sample a/0 has one", nil)
}

// Members of a sample belong together even if a folder's name comes between theirs.
func TestFolderOrder(t *testing.T) {
	dir := folderOf(t, "s1.cls", "1", "s1.d/x.npy", dot(2), "s1.d/x.cls", "0", "s1.npy", dot(1), "s1-b.npy", dot(3), "s1-b.cls", "0",
		"__meta__/dataset.json", `{"classes": ["zero", "one"]}`)
	samples, classes, _, err := loaded(dir, Options{})
	if err != nil || !slices.Equal(samples, []string{"s1-b=0", "s1=1", "s1.d/x=0"}) || !slices.Equal(classes, []string{"zero", "one"}) {
		t.Errorf("%v %v %v", samples, classes, err)
	}
}

// Grey pictures are RGB among RGB ones: in memory, on disk, one after the other, in whichever order they come.
func TestGreyAmongColours(t *testing.T) {
	want := map[string][]float32{"g": {7, 7, 7}, "c": {1, 2, 3}}
	for _, order := range []string{"gc", "cg", "ggc", "gcg", "ccg", "gggcgc"} {
		var members []string
		grey := 0
		for i, kind := range order {
			members = append(members, fmt.Sprintf("%d.png", i), spot(map[rune]byte{'g': 7, 'c': 1}[kind], kind == 'c'), fmt.Sprintf("%d.cls", i), "1")
			grey += strings.Count(string(kind), "g")
		}
		dir := folderOf(t, members...)
		for _, memory := range []int64{0, 1, 9} {
			note := ""
			table, err := Load(dir, nil, Options{NeedLabels: true, Memory: memory, Note: func(line string) { note = line }})
			if err != nil {
				t.Fatalf("%s: %v", order, err)
			}
			if !slices.Equal(table.Shape, []int{3, 1, 1}) || table.Len() != len(order) || !strings.Contains(note, "grey, and taken as RGB") || grey > 1 && !strings.Contains(note, fmt.Sprint(grey, " pictures")) {
				t.Errorf("%s: %v, %d samples, %q", order, table.Shape, table.Len(), note)
			}
			for i := range table.Len() {
				x := values(table.Sample(i), table.Shape)
				for c := range x {
					x[c] *= 255
				}
				if !slices.Equal(x, want[order[i:i+1]]) {
					t.Errorf("%s with %d bytes: sample %d is %v", order, memory, i, x)
				}
			}
			if err := table.Close(); err != nil {
				t.Error(err)
			}
		}
		got, _, err := read(dir, nil, Options{Channels: 3})
		if err != nil || len(got) != len(order) || len(got[0].X) != 3 || len(got[len(got)-1].X) != 3 {
			t.Errorf("%s, read once: %d samples, %v", order, len(got), err)
		}
		_, _, err = read(dir, nil, Options{})
		if late := err != nil && strings.Contains(err.Error(), "is an RGB picture, but those before it are grey"); late != (order[0] == 'g') {
			t.Errorf("%s, read once without knowing: %v", order, err)
		}
	}
	// Arrays are as they are.
	for _, members := range [][]string{{"0.npy", dot(1), "0.cls", "0", "1.png", spot(1, true), "1.cls", "0"}, {"0.png", spot(1, true), "0.cls", "0", "1.npy", dot(1), "1.cls", "0"}} {
		if _, err := Load(folderOf(t, members...), nil, Options{NeedLabels: true}); err == nil || !strings.Contains(err.Error(), "has shape") {
			t.Errorf("an array beside an RGB picture: %v", err)
		}
	}
}

// Large samples of a folder stay in their files, which are not kept open, and may not change.
func TestFolderInPlace(t *testing.T) {
	allLarge(t)
	var members []string
	for i := range 300 {
		members = append(members, fmt.Sprintf("%d/%03d.npy", i%2, i), string(testforms.NPY("<i2", false, []int{2, 3}, []float32{float32(i), 1, 2, 3, 4, 5})))
	}
	dir := folderOf(t, members...)
	open := func() int {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(all)
	}
	before := open()
	table, err := Load(dir, nil, Options{NeedLabels: true})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if now := open(); now > before+10 {
		t.Errorf("%d files are open, %d before", now, before)
	}
	if heap, mapped := table.Held(); table.values != 0 || mapped == 0 || heap == 0 {
		t.Errorf("%d bytes in memory, %d and %d", table.values, heap, mapped)
	}
	for i := range table.Len() {
		n := 0
		if _, err := fmt.Sscanf(filepath.Base(table.Key(i)), "%d", &n); err != nil {
			t.Fatal(err)
		}
		if x := values(table.Sample(i), table.Shape); !slices.Equal(x, []float32{float32(n), 1, 2, 3, 4, 5}) || table.Label(i) != n%2 {
			t.Fatalf("sample %s is %v", table.Key(i), x)
		}
	}
	if err := table.Err(); err != nil {
		t.Fatal(err)
	}
	// What is not read any more does not matter.
	cut := filepath.Join(dir, "0", "000.npy")
	info, err := os.Stat(cut)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(cut, info.Size()-1); err != nil {
		t.Fatal(err)
	}
	if err := table.Err(); err != nil {
		t.Error(err)
	}
	values(table.Sample(0), table.Shape)
	for range 2 {
		expect(t, "cut", table.Err(), fmt.Sprintf("reading %s: file %s: npy: the file was cut from %d to %d bytes while it was in use; start again when it is whole", dir, cut, info.Size(), info.Size()-1), nil)
	}
}

// A file that vanishes while the folder is read is an error.
func TestFolderChanges(t *testing.T) {
	dir := folderOf(t, "a/0.npy", dot(1), "a/1.npy", dot(1), "b/0.npy", dot(1))
	s, err := Open(dir, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Next(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Next(); err != nil && !os.IsNotExist(err) {
		t.Log(err)
	}
	_, err = s.Next()
	if err == nil || err == io.EOF || !strings.HasPrefix(err.Error(), "reading "+dir+": ") || !strings.Contains(err.Error(), "no such file or directory") {
		t.Errorf("%v", err)
	}
}

// Files that are no samples are named once.
func TestPassedOver(t *testing.T) {
	members := []string{"a/0.npy", dot(1), "a/0.json", "{}", "a/Thumbs.db", "x", "b/0.npy", dot(1), "b/0.json", "{}", "b/README", "x", "c.xmp", "x"}
	for _, name := range []string{folderOf(t, members...), writeFile(t, "x.tar", archiveOf(t, tar.FormatPAX, members...))} {
		_, _, notes, err := loaded(name, Options{})
		want := []string{"a/Thumbs.db is no picture, array or label: passed over, and 2 more", "the folder is the class: 0 a (1), 1 b (1)"}
		if err != nil || !slices.Equal(notes, want) {
			t.Errorf("%q %v, want %q", notes, err, want)
		}
	}
	// What lies in hidden folders of a tar; of a folder it is not looked at.
	hidden := []string{".cache/a/9.npy", dot(1), ".cache/a/9.txt", "x"}
	name := writeFile(t, "hidden.tar", archiveOf(t, tar.FormatPAX, append(hidden, members...)...))
	if _, _, notes, err := loaded(name, Options{}); err != nil || len(notes) != 3 || notes[0] != ".cache/a/9.npy is in a hidden folder: passed over, and 1 more" {
		t.Errorf("hidden: %q %v", notes, err)
	}
	name = writeFile(t, "hidden.tar", archiveOf(t, tar.FormatPAX, hidden...))
	_, _, _, err := loaded(name, Options{})
	expect(t, "all hidden", err, "reading "+name+": there are no samples, only files in hidden folders, such as .cache/a/9.npy; name the folder itself", nil)
	if samples, _, notes, err := loaded(filepath.Join(folderOf(t, ".cache/a/9.npy", dot(1), ".cache/b/9.npy", dot(1)), ".cache"), Options{}); err != nil || len(samples) != 2 || len(notes) != 1 {
		t.Errorf("a hidden folder that is named: %v %q %v", samples, notes, err)
	}
	// A sample's own json or text is none of them.
	for _, lone := range []string{"a/-.json", "a/9.json"} {
		members := append([]string{lone, "{}"}, members...)
		for _, name := range []string{folderOf(t, members...), writeFile(t, "x.tar", archiveOf(t, tar.FormatPAX, members...))} {
			if _, _, _, err := loaded(name, Options{}); err == nil || !strings.Contains(err.Error(), "sample "+strings.TrimSuffix(lone, ".json")+" has neither array nor picture, only .json") {
				t.Errorf("%s: %v", lone, err)
			}
		}
	}
}
