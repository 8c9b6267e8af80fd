// Package loss computes what training minimises, and its gradient with respect to the scores of a batch.
//
// A loss sees the scores of the whole batch at once, so that it need not be a sum over samples: the area under the ROC
// curve, the F-measure and average precision are functions of all scores together, and so are the penalties on their
// distribution. Batches that hold all of the training set make such a loss exact; a backdrop layer on the sample axis
// then keeps its gradient affordable.
//
// Scores and gradients are float32, one slice a sample; everything between is float64. Losses of two classes take one
// score a sample, the logit of the positive class 1, or two, whose difference is that logit. Values are written so
// that lower is better and 0 the best. All losses are entries of one table, kinds; all penalties of another.
package loss
