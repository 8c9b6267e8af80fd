#!/usr/bin/env bash
# How long the runs of a study will take on JOBS threads: estimate.sh TRAIN VAL EVERY BATCH EPOCHS JOBS FIELD... VAL
# samples are validated on after EVERY epochs. Standard input has a line for each arm: its number of runs and the flags of
# bdtrain. One and four epochs of two batches of each are timed, with VAL/EVERY samples validated on after each; the
# difference is what epochs take, the rest what a run needs besides.
set -euo pipefail
shopt -s inherit_errexit
train=$1 val=$2 every=$3 batch=$4 epochs=$5 jobs=$6
shift 6
n=$((2 * batch))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin/gpgen -n $n "$@" -o "$work/train.tar.zst"
bin/gpgen -n $(((n * val + train * every - 1) / (train * every))) "$@" -o "$work/val.tar.zst"

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
