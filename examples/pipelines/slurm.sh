#!/bin/sh
# The runs of sweep.mk as a Slurm array, one a task, from a folder that all machines share; then the table of them.
set -eu
sweep=$(cd "$(dirname "$0")" && pwd)/sweep.mk
mkdir -p "${1:-sweep}"
cd "${1:-sweep}"

make -sf "$sweep" runs > runs.txt
sbatch --wait --array=1-"$(wc -l < runs.txt)" --output=task-%a.log --export=ALL \
	--wrap "make -f '$sweep' \$(sed -n \${SLURM_ARRAY_TASK_ID}p runs.txt)"
make -sf "$sweep"
cat table.txt
