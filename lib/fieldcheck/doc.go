// Package fieldcheck judges whether fields are what they are claimed to be: stationary Gaussian processes with a certain
// kernel, length and boundary. It does not matter who drew them. It is what gpgen check uses.
//
// A Tester takes fields one by one and reports a list of tests. A test that is not exact gives the probability p that
// fields which are as claimed deviate at least as much, in either direction. The whole report has a stated
// probability of a false alarm, of which each test has an equal part (Bonferroni), so that fields which are as claimed fail
// more rarely than stated. Where p is an approximation, a comment says so; the tests of this package draw thousands of
// fields to see that false alarms keep within the bound.
//
// On a torus the Fourier modes of a field are independent normals whose variances are the eigenvalues of the
// covariance. So powers divided by eigenvalues are chi-square, every sum of them is a quadratic form of normals of
// known weights, and standard errors come from the claim alone, never from the scatter of the sample. In open space
// the modes are not independent: there the tests are of covariances and increments at lags, with standard errors from
// the exact covariance of the window.
//
// Standardised fields, each with mean 0 and mean square 1, have lost their constant mode and their scale. Instead, a field
// is multiplied so that the sum of powers over eigenvalues, over all modes that are tested, is what is expected. Ratios of
// independent chi-squares to their sum do not depend on the scale (they are beta distributed), so that all tests remain
// but those of the mean and of the total power. Each field has a scale of its own, while p is that of one scale for all:
// the true scatter is smaller by 2/D, with D the number of independent modes of a field, and p errs on the safe side.
// Values of fields with few modes and a fixed scale are not normal, and are tested against the distribution they have: see
// law. What the scale fixes is not tested; with D = 1 that is everything. Nor is the scatter of the powers of fewer than 100
// modes, which depend on each other too much. The ratio of the power of faint modes to that of few others has a long tail;
// there p is a bound.
package fieldcheck
