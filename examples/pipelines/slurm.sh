#!/bin/sh
# The runs of sweep.mk as a Slurm array, one a task, from a folder that all machines share; then the table of them.
#
# A minute before a time limit, Slurm sends SIGUSR1 to the steps of the job, that is to what srun starts, and not to make
# and the shell, which it would end: bdtrain writes a checkpoint and trains on. After the limit call the script again, and
# training goes on from there. (With --signal=B:USR1@60 the signal would go to the shell alone.)
set -eu
sweep=$(cd "$(dirname "$0")" && pwd)/sweep.mk
mkdir -p "${1:-sweep}"
cd "${1:-sweep}"

make -sf "$sweep" runs > runs.txt
sbatch --wait --array=1-"$(wc -l < runs.txt)" --output=task-%a.log --export=ALL --signal=USR1@60 \
	--wrap "make -f '$sweep' TRAIN='srun bdtrain' \$(sed -n \${SLURM_ARRAY_TASK_ID}p runs.txt)"
make -sf "$sweep"
cat table.txt
