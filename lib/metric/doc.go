// Package metric judges scores by labels: accuracy, log loss, F1, area under the ROC curve, average precision and the
// confusion matrix, by scikit-learn's definitions.
//
// A figure that is not defined, such as the AUC of samples of one class, is a Value with a reason instead of a number:
// never 0, 1 or NaN, and never left out of a mean over classes in silence. Scores must be finite and labels in range;
// the error names the row. Scores are logits and are only ever ranked or compared, never squashed into [0, 1], where
// distinct ones could meet; ties count one half, exactly. Counts are integers, sums are float64, and no figure takes
// longer than sorting the samples once for each class.
package metric
