// Package data is the samples that a network learns from or is evaluated on: where they come from, which of them are used, what
// they go through, and how they become batches.
//
// A Table holds samples that can be read by number, a OnePass gives them once, one after the other. A Set is the samples
// of a table that a run uses, with what it is to learn of their labels. Batches are made of either; each sample is augmented,
// then normalised. Evaluate takes batches through a network, without masks.
//
// A sample is a pixels.Source, which reads values where they lie. What it goes through is a view of it: large ones are never
// copied. Small ones are, into buffers, where reading the view again would cost more. A source that cannot read any more gives
// zeros, and Err of its table says why: nothing is to be concluded from a batch whose Err is not nil.
//
// Everything random has coordinates: which samples are held out (seed, class; or all groups), the order of an epoch (seed, epoch), what
// augmentation does (seed, epoch, sample). So an epoch can be begun again behind the samples that were used already.
package data
