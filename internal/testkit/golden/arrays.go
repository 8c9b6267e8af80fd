package golden

import (
	"os"
	"testing"

	"backdrop/formats/npy"
)

// Save writes an array to a .npy file.
func Save(t testing.TB, file string, dtype npy.DType, shape []int, data []float32) {
	t.Helper()
	f, err := os.Create(file)
	if err == nil {
		err = npy.WriteAs(f, dtype, shape, data)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Load returns the elements of the array in a .npy file.
func Load(t testing.TB, file string) []float32 {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := npy.Read(f, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	data, err := a.Float32()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Sources looks at files that a program which a test runs consists of, so that go test does not take its last result when
// one of them has changed.
func Sources(t testing.TB, files ...string) {
	t.Helper()
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
	}
}
