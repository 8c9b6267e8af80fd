#!/bin/sh
# Cross-validation of few samples: 60, of which each of five models is trained on 48 and judged by the other 12.
set -eu
out=${1:-folds}
mkdir -p "$out"
cd "$out"

gpgen -n 60 --size 32 --scales 1.5,2.5:8,14 --seed 1 > data.tar.zst
models=
for fold in 0 1 2 3 4; do
	bdtrain data.tar.zst --fold $fold/5 --no-masks --epochs 40 --quiet -o fold-$fold.tar.zst
	echo "fold $fold: $(bdeval -m fold-$fold.tar.zst --fold $fold/5 --metrics accuracy data.tar.zst | sed -n 's/^accuracy  *//p')"
	models="$models -m fold-$fold.tar.zst"
done

# Every sample is judged once, by the model that has not seen it, and the interval is Wilson's for the 60 answers. The five
# accuracies above would give an interval, too, but of five numbers that are not independent: any two of the models share
# most of their training samples, and the spread of the five does not tell how much that matters (Bengio and Grandvalet, "No
# Unbiased Estimator of the Variance of K-Fold Cross-Validation", JMLR 5, 2004). Wilson's does not tell either: it is what 60
# independent answers would leave open, the least that one has to allow for. It says nothing of another 60 samples to train
# on.
bdeval $models --ci 0.95 data.tar.zst
