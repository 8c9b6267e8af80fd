// Package loss computes what training minimises, and its gradient with respect to the scores of a batch.
//
// A loss sees the scores of the whole batch at once, so that it need not be a sum over samples. Scores and gradients
// are float32, one slice a sample; everything between is float64.
package loss
