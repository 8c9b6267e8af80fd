// Package metric judges scores by labels: accuracy, log loss, Brier score, calibration, F1, area under the ROC curve and
// a part of it, average precision, their curves and the confusion matrix, by scikit-learn's definitions, each with a
// confidence interval.
//
// A figure that is not defined, such as the AUC of samples of one class, is a Value with a reason instead of a number:
// never 0, 1 or NaN, and never left out of a mean over classes in silence; an interval likewise. Scores are logits, which may
// be infinite, or probabilities; others, and labels out of range, are an error that names the row. Scores are only ever
// ranked or compared, never squashed into [0, 1], where distinct ones could meet; ties count one half, exactly. Counts are
// integers, sums are float64, and no figure takes longer than sorting the samples once for each class. Nothing depends on
// the number of threads.
//
// An interval holds its figure, stays in the figure's range and has width. It is for samples that are drawn independently,
// labels and all; where classes have the sizes that they were meant to have, it is wider than it need be. Program
// examples/coverage measures how often intervals hold the figure of the population.
//
// For n samples with one score, ranking takes 8n bytes and 4n for good (16n and 8n if a score is no float32). For k
// classes, a problem takes 8nk bytes, and 4nk once it is ranked; the interval of a mean over classes 8n for each processor.
package metric
