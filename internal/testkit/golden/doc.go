// Package golden gives tests the reference vectors: results of PyTorch, NumPy and scikit-learn, one folder a case.
//
// A case holds arrays (NAME.npy) and a case.json that says what it is, with its parameters and its tolerance. The cases
// are read from the folder named by the environment variable BACKDROP_GOLDEN, else from the committed testdata/vectors.
// Whatever is missing or cannot be read fails the test.
package golden
