package tool

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(text string, err error) func(io.Writer) error {
	return func(w io.Writer) error {
		io.WriteString(w, text)
		return err
	}
}

// entries returns the names in a folder, to see that nothing is left of a result that failed.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteFileIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	failed := errors.New("failed")
	if err := (Stdio{}).WriteFile(name, Binary, write("half", failed)); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	if names := entries(t, dir); len(names) != 0 {
		t.Errorf("a failed result leaves %v", names)
	}
	for _, text := range []string{"first", "second"} {
		if err := (Stdio{}).WriteFile(name, Binary, write(text, nil)); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(name); string(got) != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if err := (Stdio{}).WriteFile(name, Binary, write("third", failed)); err == nil {
		t.Error("no error")
	}
	if got, _ := os.ReadFile(name); string(got) != "second" {
		t.Errorf("a failed result changed the earlier one to %q", got)
	}
	if names := entries(t, dir); len(names) != 1 {
		t.Errorf("left over: %v", names)
	}
}

func TestWriteFileKeepsLinksAndPermissions(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	if err := (Stdio{}).WriteFile(link, Binary, write("new", nil)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	info, err = os.Stat(target)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("permissions %v, %v", info, err)
	}
	if got, _ := os.ReadFile(target); string(got) != "new" {
		t.Errorf("got %q", got)
	}
}

func TestWriteFileToADevice(t *testing.T) {
	before, err := os.Stat(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	if err := (Stdio{}).WriteFile(os.DevNull, Binary, write("text", nil)); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(os.DevNull); err != nil || after.Mode() != before.Mode() {
		t.Errorf("the device was replaced: %v, %v", after, err)
	}
}

func TestCreateErrors(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{filepath.Join(dir, "none", "a"), dir} {
		if _, err := (Stdio{}).Create(name, Binary); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestStandardOutputAfterAnError(t *testing.T) {
	var out bytes.Buffer
	s := Stdio{Out: &out}
	if err := s.WriteFile("", Text, write("half", errors.New("failed"))); err == nil || out.Len() != 0 {
		t.Errorf("%v, %q was written", err, out.String())
	}
	if err := s.WriteFile("-", Text, write("whole", nil)); err != nil || out.String() != "whole" {
		t.Errorf("%v, %q", err, out.String())
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAFailedFlushIsReported(t *testing.T) {
	if err := (Stdio{Out: fullDisk{}}).WriteFile("", Text, write("text", nil)); err == nil {
		t.Error("no error")
	}
}

// A file that is not complete has no name, or Abort removes it. A link to nothing is followed.
func TestOutputsLeaveNothingBehind(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	out, err := (Stdio{}).Create(link, Binary)
	if err != nil {
		t.Fatal(err)
	}
	out.WriteString("text")
	out.Abort()
	if names := entries(t, dir); len(names) != 1 {
		t.Errorf("left over: %v", names)
	}
	if err := (Stdio{}).WriteFile(link, Binary, write("text", nil)); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "target")); string(got) != "text" {
		t.Errorf("got %q", got)
	}
	long := filepath.Join(dir, strings.Repeat("x", 255)) // the longest name that Linux's file systems take
	if err := (Stdio{}).WriteFile(long, Binary, write("text", nil)); err != nil {
		t.Error(err)
	}
	if names := entries(t, dir); len(names) != 3 {
		t.Errorf("left over: %v", names)
	}
}

func TestDistinct(t *testing.T) {
	dir := t.TempDir()
	a, b, link, none := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "link"), filepath.Join(dir, "none")
	for _, name := range []string{a, b} {
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a", link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		out, in []Name
		ok      bool
	}{
		{[]Name{{"-o", a}}, []Name{{"DATA", b}}, true},
		{[]Name{{"-o", a}}, []Name{{"DATA", link}}, false},
		{[]Name{{"-o", a}, {"--log", link}}, nil, false},
		{[]Name{{"-o", none}, {"--log", filepath.Join(dir, ".", "none")}}, nil, false},
		{[]Name{{"-o", none}}, []Name{{"DATA", a}}, true},
		{[]Name{{"-o", ""}, {"--log", ""}}, []Name{{"DATA", "-"}}, true},
		{[]Name{{"-o", os.DevNull}, {"--log", os.DevNull}}, nil, true},
	} {
		if err := Distinct(c.out, c.in); (err == nil) != c.ok {
			t.Errorf("%v, %v: %v", c.out, c.in, err)
		}
	}
}
