#!/bin/sh
# Samples of 4096×4096 in 256 MiB of memory, where all that a step comes back to does not fit. They are read where they lie,
# in a .npy on disk, and the outputs of the first layers are computed again on the way back instead of kept.
set -eu
out=${1:-large}
mkdir -p "$out"
cd "$out"
most=256 # MiB

# Two classes of texture, fine and coarse grain, 64 MiB a sample.
draw() { gpgen -n 8 --size 4096 --scales 4,16 --power 1 --format npy --quiet "$@"; }
draw --seed 1 --labels train-y.npy -o train.npy
draw --seed 2 --labels test-y.npy -o test.npy

# within COMMAND… runs a command and, on Linux, looks at its memory all the while. Pages of files in memory do not count: the system
# takes them back when it needs the room.
within() {
	"$@" --memory "${most}M" &
	pid=$! peak=0
	while test -r "/proc/$pid/status" && now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$pid/status") && test "$now"; do
		test "$now" -le "$peak" || peak=$now
		sleep 0.1
	done
	wait "$pid"
	test "$peak" -eq 0 || echo "$1: at most $((peak / 1024)) MiB"
	test "$peak" -le $((most * 1024))
}

within bdtrain train.npy --labels train-y.npy --axes NHW --net crisp --batch 1 --epochs 6 -o model.tar.zst
within bdeval -m model.tar.zst test.npy --labels test-y.npy --axes NHW --metrics accuracy,auc,confusion
