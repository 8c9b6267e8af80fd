package stream

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"backdrop/formats/npy"
	"backdrop/internal/testkit/golden"
	"backdrop/internal/testkit/hostile"
)

// gzipped returns gzip data in members of that many bytes each, with zeros behind each.
func gzipped(data []byte, size, zeros int) (all []byte) {
	for part := range slices.Chunk(data, size) {
		all = append(append(all, hostile.Gzip(part, 0)...), make([]byte, zeros)...)
	}
	return all
}

func TestGzip(t *testing.T) {
	for _, want := range [][]file{files, manyJobs()} {
		plain := writeFiles(t, None, want)
		for _, size := range []int{len(plain), len(plain)/2 + 1, len(plain)/20 + 1} {
			for _, zeros := range []int{0, 1, 3, 511, inputBuffer + 1} {
				data := gzipped(plain, size, zeros)
				for name, in := range map[string]io.Reader{"plain": bytes.NewReader(data), "half": iotest.HalfReader(bytes.NewReader(data)), "dataErr": iotest.DataErrReader(bytes.NewReader(data))} {
					got, err := readFiles(in, Limits{})
					if err != nil || !slices.Equal(got, want) {
						t.Errorf("%s, members of %d bytes, %d zeros: %d files, %v", name, size, zeros, len(got), err)
					}
				}
			}
		}
		got, err := readFiles(bytes.NewReader(join(gzipped(plain, len(plain), 0), gzipped(plain, len(plain), 9))), Limits{})
		if err != nil || !slices.Equal(got, slices.Concat(want, want)) {
			t.Errorf("two archives: %d files, %v", len(got), err)
		}
	}
}

// TestReadGzipOfOthers reads what tar, bsdtar and gzip make, also of several files one after the other.
func TestReadGzipOfOthers(t *testing.T) {
	golden.Programs(t, "tar", "bsdtar", "gzip")
	dir, want := tree(t)
	for _, command := range []string{
		"tar -czf - .", "tar -cf - . | gzip -9", "tar -cf - . | gzip -1 -n", "bsdtar -czf - .", "bsdtar -czf - . | cat",
		"tar -cf - . > ../all.tar; head -c 1000 ../all.tar | gzip; tail -c +1001 ../all.tar | gzip",
	} {
		cmd := exec.Command("sh", "-ec", command)
		cmd.Dir = dir
		data, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		got, err := readFiles(bytes.NewReader(data), Limits{})
		sortFiles(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %d files, %v", command, len(got), err)
		}
	}
}

// A cut is found at every byte, and a change of any bit, unless it says the same.
func TestDamagedGzip(t *testing.T) {
	plain := writeFiles(t, None, files)
	for _, data := range [][]byte{gzipped(plain, len(plain), 0), gzipped(plain, len(plain)/2+1, 0)} {
		for n := range data {
			if got, err := readFiles(bytes.NewReader(data[:n]), Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "EOF") {
				t.Fatalf("cut after %d of %d bytes: %d files, %v", n, len(data), len(got), err)
			}
			filled := join(data[:n], make([]byte, 100)) // as after a download that reserved space
			if _, err := readFiles(bytes.NewReader(filled), Limits{}); err == nil && !bytes.HasPrefix(filled, data) {
				t.Fatalf("%d of %d bytes and zeros are read", n, len(data))
			}
		}
		for at := range data {
			for bit := range 8 {
				damaged := bytes.Clone(data)
				damaged[at] ^= 1 << bit
				got, err := readFiles(bytes.NewReader(damaged), Limits{})
				if err == nil && !slices.Equal(got, files) {
					t.Fatalf("bit %d of byte %d of %d: other files without an error", bit, at, len(data))
				}
			}
		}
	}
	whole := gzipped(plain, len(plain), 0)
	sum := bytes.Clone(whole)
	sum[len(sum)-8] ^= 1
	tail := bytes.Clone(whole)
	copy(tail[len(tail)/2:], strings.Repeat("\xff", 20))
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"checksum", sum, "gzip: checksum does not match, the data are damaged"},
		{"text behind", join(whole, []byte("hello, world")), "gzip: what follows the data is not gzip data"},
		{"zstd behind", join(whole, writeFiles(t, Zstd, files)), "gzip: what follows the data is not gzip data"},
		{"header", join(whole[:3], []byte{0xe0}, whole[4:]), "gzip: the header is damaged"},
		{"no deflate", join(whole[:2], []byte{7}, whole[3:]), "gzip: the header is damaged"},
		{"an array", hostile.Gzip([]byte("\x93NUMPY\x01\x00"), 0), "not a tar archive but a .npy array; decompress it first with gzip -dc"},
		{"NIfTI", hostile.Gzip(join(make([]byte, 344), []byte("n+1\x00"), make([]byte, 200)), 0), `not a tar archive but a NIfTI file; NumPy makes an array of it with np.save("a.npy", nibabel.load("a.nii.gz").get_fdata())`},
		{"zstd inside", hostile.Gzip(writeFiles(t, Zstd, files), 0), "not a tar archive but zstd data; decompress it first with zstd -dc"},
		{"text", hostile.Gzip(bytes.Repeat([]byte("1,2,3\n"), 100), 0), `not a tar archive but text: it starts with "1,2,3\n`},
		{"nothing", hostile.Gzip(nil, 0), "data ends after 0 bytes of the first tar header"},
	} {
		if _, err := readFiles(bytes.NewReader(c.data), Limits{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := readFiles(bytes.NewReader(tail), Limits{}); err == nil {
		t.Error("damaged data are read")
	}
}

// What is packed a thousand times takes no more memory than what is not.
func TestGzipBombs(t *testing.T) {
	const size = 64 << 20
	small := Limits{Member: 1 << 20}
	empty := bytes.Repeat(hostile.Gzip(nil, 0), 10000) // members without anything in them
	names := bytes.Repeat(join([]byte("\x1f\x8b\x08\x1c\x00\x00\x00\x00\x00\xff\x00\x00"), bytes.Repeat([]byte("n"), 500), []byte("\x00c\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00")), 2000)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"zeros", hostile.Gzip(nil, size), "behind the tar end marker: padding of more than 16777216 zero bytes"},
		{"an array", hostile.Gzip(hostile.Tar(hostile.Entry{Name: "a.npy", Size: size}), size), "member a.npy: 67108864 bytes, the limit is 1048576"},
		{"text", hostile.Gzip(hostile.Tar(hostile.Entry{Name: "a.json", Size: size}), size), "member a.json: 67108864 bytes, the limit is 1048576"},
		{"a member that is skipped", hostile.Gzip(hostile.Tar(hostile.Entry{Name: "a.x", Size: 1 << 20}), 1<<20), "without a tar end marker"},
		{"empty members", empty, "data ends after 0 bytes of the first tar header"},
		{"names", names, "data ends after 0 bytes of the first tar header"},
		{"a name without an end", join([]byte("\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"), bytes.Repeat([]byte("n"), 1<<20)), "gzip: the header is damaged"},
	} {
		var err error
		cost := hostile.Allocated(func() { _, _, err = readSamples(bytes.NewReader(c.data), small) })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if cost > 2<<20+8*uint64(len(c.data)) {
			t.Errorf("%s: %d bytes of input cost %d bytes", c.name, len(c.data), cost)
		}
	}
}

// The reader says what it holds, also of compressed data, and that the number of samples in them is unknown.
func TestGzipIsHeld(t *testing.T) {
	d, samples := testSamples(t)
	plain := writeSamples(t, None, npy.Float32, d, samples)
	name := filepath.Join(t.TempDir(), "x.tar.gz")
	if err := os.WriteFile(name, hostile.Gzip(plain, 0), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r *Reader
	before := live()
	if r, err = NewReader(f, Limits{}); err == nil {
		_, err = r.Next()
	}
	if err != nil || r.Held() < gzipMemory || r.Most(1<<20) != 0 {
		t.Errorf("holds %d, at most %d samples, %v", r.Held(), r.Most(1<<20), err)
	}
	if took := int64(live()) - int64(before); took > r.Held()+2*inputBuffer+64<<10 {
		t.Errorf("%d bytes are in use, %d are said to be held", took, r.Held())
	}
}
