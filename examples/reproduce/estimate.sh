#!/usr/bin/env bash
# How long the runs of a study will take on JOBS threads: estimate.sh TRAIN VAL BATCH EPOCHS JOBS FIELD... Standard input
# has a line for each arm: its number of runs and the flags of bdtrain. One and four epochs of two batches of each are
# timed; the difference is what epochs take, the rest what a run needs besides.
set -euo pipefail
shopt -s inherit_errexit
train=$1 val=$2 batch=$3 epochs=$4 jobs=$5
shift 5
n=$((2 * batch))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin/gpgen -n $n "$@" -o "$work/train.tar.zst"
bin/gpgen -n $(((n * val + train - 1) / train)) "$@" -o "$work/val.tar.zst"

# Nanoseconds that so many epochs of two batches take on one thread.
timed() {
	local start
	start=$(date +%s%N)
	# shellcheck disable=SC2086 # flags are words
	bin/bdtrain "$work/train.tar.zst" --val "$work/val.tar.zst" $2 --batch "$batch" --epochs "$1" --threads 1 --quiet -o "$work/model.tar.zst"
	echo $(($(date +%s%N) - start))
}

runs=0
total=0
while read -r missing flags; do
	one=$(timed 1 "$flags")
	four=$(timed 4 "$flags")
	epoch=$(((four - one) / 3))
	runs=$((runs + missing))
	total=$((total + missing * (one - epoch + epochs * epoch * train / n) / jobs))
done
if [ $runs = 0 ]; then
	echo 'All runs are there.'
elif [ $total -lt 60000000000 ]; then
	echo "Less than a minute for $runs runs on $jobs threads."
else
	echo "About $(((total / 1000000000 + 59) / 60)) min for $runs runs on $jobs threads."
fi
