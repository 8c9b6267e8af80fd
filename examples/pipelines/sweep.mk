# Networks for several mask probabilities and seeds, and their accuracy: make -j2 -f sweep.mk
#
# Every run is a file of its own, and so is every step of a run: an interrupted sweep goes on where it was, training at its
# last checkpoint; more seeds (make -f sweep.mk SEEDS='1 2 3 4') add only what is missing, and any runner of jobs can take
# a run each, named by make -sf sweep.mk runs. See parallel.sh and slurm.sh.
P      ?= 0 0.5 0.9
SEEDS  ?= 1 2
EPOCHS ?= 20
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

# The stem is P-SEED. bdtrain writes a model when it is interrupted, too: it is the run's only if the tool ended well.
p%.model.tar.zst:
	gpgen -n 80 $(FIELD) --seed $(lastword $(subst -, ,$*)) --threads 1 | $(TRAIN) --mask fine=$(firstword $(subst -, ,$*)):NHW --seed $(lastword $(subst -, ,$*)) --epochs $(EPOCHS) --threads 1 --checkpoint $@.ck --resume $@.ck -o $@.part
	mv $@.part $@
	rm $@.ck

p%.txt: p%.model.tar.zst test.tar.zst
	bdeval -m $< --metrics accuracy --threads 1 test.tar.zst > $@

test.tar.zst:
	gpgen -n 200 $(FIELD) --seed 1000000 -o $@
