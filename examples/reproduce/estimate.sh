#!/usr/bin/env bash
# How long the runs of a study will take on JOBS threads: estimate.sh TRAIN VAL BATCH EPOCHS JOBS FIELD... Standard input
# has a line for each arm: its number of runs and the flags of bdtrain. Four epochs of two batches of each are timed.
set -euo pipefail
train=$1 val=$2 batch=$3 epochs=$4 jobs=$5
shift 5
n=$((2 * batch))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin/gpgen -n $n "$@" -o "$work/train.tar.zst"
bin/gpgen -n $(((n * val + train - 1) / train)) "$@" -o "$work/val.tar.zst"

runs=0
total=0
while read -r missing flags; do
	start=$(date +%s%N)
	# shellcheck disable=SC2086 # flags are words
	bin/bdtrain "$work/train.tar.zst" --val "$work/val.tar.zst" $flags --batch "$batch" --epochs 4 --threads "$jobs" --quiet -o "$work/model.tar.zst"
	ns=$(($(date +%s%N) - start))
	runs=$((runs + missing))
	total=$((total + missing * epochs * ns / 4 * train / n))
done
if [ $runs = 0 ]; then
	echo 'All runs are there.'
elif [ $total -lt 60000000000 ]; then
	echo "Less than a minute for $runs runs on $jobs threads."
else
	echo "About $(((total / 1000000000 + 59) / 60)) min for $runs runs on $jobs threads."
fi
