package train

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"backdrop/lib/data"
	"backdrop/lib/finite"
	"backdrop/lib/loss"
	"backdrop/lib/metric"
	"backdrop/lib/run"
	"backdrop/lib/scale"
)

// checkValidation reports an error if the loss is undefined on the labels of validation data, whatever the scores: better
// before the training than after it.
func (t *Trainer) checkValidation(val *data.Set) error {
	var each loss.Batch // a sample of each label
	for i, seen := 0, map[int]bool{}; i < val.Len(); i++ {
		if label := val.Label(i); !seen[label] {
			seen[label] = true
			each.Labels, each.Scores = append(each.Labels, label), append(each.Scores, make([]float32, t.classes))
		}
	}
	if _, err := t.valLoss.Grad(each, nil); errors.Is(err, loss.ErrUndefined) {
		return fmt.Errorf("train: the validation data lacks %s, without which %s is undefined; validate on other data", t.needed(), t.config.Loss.Name)
	}
	return nil
}

// needed says what a batch must hold for the loss to be defined.
func (t *Trainer) needed() string {
	if loss.NeedsBoth(t.config.Loss.Name) {
		return "samples of both classes"
	}
	return "a sample of the positive class"
}

// validate adds the validation loss and accuracy to the record of an epoch. n is what the training samples went through.
func (t *Trainer) validate(ctx context.Context, val *data.Set, n scale.Normalisation, r *run.Record) error {
	batches := data.NewSetBatches(val, t.config.validation(t.net.Input, n))
	var all loss.Batch
	t.under.begin(val.Len())
	defer t.under.begin(0)
	err := data.Evaluate(t.whole, batches, func(b *data.Batch) error {
		t.under.batch.Store(int64(b.Len()))
		return t.pause(ctx)
	}, func(b *data.Batch, scores [][]float32) error {
		if err := ctx.Err(); err != nil { // within the batch
			return err
		}
		t.under.batch.Store(0)
		t.under.done.Add(int64(b.Len()))
		all.Labels = append(all.Labels, b.Labels...)
		for _, s := range scores {
			all.Scores = append(all.Scores, slices.Clone(s))
		}
		return nil
	})
	value := 0.0
	if err == nil {
		value, err = t.valLoss.Grad(all, nil)
	}
	if err != nil {
		return fmt.Errorf("train: validating: %w", err)
	}
	if !finite.Is(value) {
		return t.invalid(val, n, value)
	}
	accuracy := float64(correct(all.Scores, all.Labels)) / float64(val.Len())
	r.ValLoss, r.ValAccuracy = &value, &accuracy
	return nil
}

// correct counts the samples whose label their scores predict.
func correct(scores [][]float32, labels []int) int {
	hits := 0
	for i, s := range scores {
		if metric.Predicted(s, metric.Logits) == labels[i] {
			hits++
		}
	}
	return hits
}
