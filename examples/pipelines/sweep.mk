# Networks for several mask probabilities and seeds, and their accuracy: make -j2 -f sweep.mk
#
# Every step of a run is a file, so an interrupted sweep goes on where it was, with training at its last checkpoint, and
# more seeds (make -f sweep.mk SEEDS='1 2 3 4') add only what is missing. Any other program can start the runs, each by its
# name; make -sf sweep.mk runs prints the names. See parallel.sh and slurm.sh.
P      ?= 0 0.5 0.9
SEEDS  ?= 1 2
EPOCHS ?= 60
TRAIN  ?= bdtrain --quiet
FIELD  := --size 32 --scales 1.5,2.5:8,14
RUNS   := $(foreach p,$P,$(foreach s,$(SEEDS),p$p-$s.txt))

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: runs

table.txt: $(RUNS)
	grep accuracy $^ > $@

runs:
	@printf '%s\n' $(RUNS)

# The stem of a file is PROBABILITY-SEED.
probability = $(word 1,$(subst -, ,$*))
seed        = $(word 2,$(subst -, ,$*))

# bdtrain also writes a model when it is interrupted. It is that of the run only if bdtrain succeeded.
p%.model.tar.zst:
	gpgen -n 80 $(FIELD) --seed $(seed) --threads 1 | \
		$(TRAIN) --mask fine=$(probability):NHW --augment flip,roll --lr 3e-3 --epochs $(EPOCHS) --seed $(seed) --threads 1 \
			--checkpoint $@.ck --resume $@.ck -o $@.part
	mv $@.part $@
	rm $@.ck

p%.txt: p%.model.tar.zst test.tar.zst
	bdeval -m $< --metrics accuracy --threads 1 test.tar.zst > $@

test.tar.zst:
	gpgen -n 200 $(FIELD) --seed 1000000 -o $@
