#!/bin/sh
# The runs of sweep.mk as a Slurm array, one run a task, in a folder that all machines share; then their table.
#
# A minute before the time limit, Slurm sends SIGUSR1 to the steps of the job, which are what srun starts: bdtrain writes a
# checkpoint and trains on. make and the shell, which the signal would end, do not get it. (With --signal=B:USR1@60 only
# the shell would.) After the limit call the script again: training goes on from the checkpoint.
set -eu
sweep=$(cd "$(dirname "$0")" && pwd)/sweep.mk
mkdir -p "${1:-sweep}"
cd "${1:-sweep}"

make -sf "$sweep" runs > runs.txt
sbatch --wait --array=1-"$(wc -l < runs.txt)" --output=task-%a.log --export=ALL --signal=USR1@60 \
	--wrap "make -f '$sweep' TRAIN='srun bdtrain' \$(sed -n \${SLURM_ARRAY_TASK_ID}p runs.txt)"
make -sf "$sweep"
cat table.txt
