// Package golden is for tests only. It reads the reference vectors, which are results of PyTorch, NumPy and scikit-learn,
// and runs other programs that tests compare with.
//
// Each case is a folder with arrays (NAME.npy) and a case.json that says what the case is, with its parameters and its
// tolerance. The cases are in the folder that the environment variable BACKDROP_GOLDEN names, else in testdata/vectors.
// Whatever is missing or cannot be read fails the test.
package golden
