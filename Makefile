# make build       the four tools, in bin/
# make test        all tests
# make reproduce   the main job: does backdrop help on the small data set? Writes out/report.md
# make bench       times of training steps against the processor's peak; on an idle machine
# make bench-peers the same beside PyTorch (Debian: python3-torch)
# make clean       removes bin/ and out/

SHELL      := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: build test reproduce bench bench-peers clean FORCE

TOOLS := gpgen bdtrain bdeval maskviz
export CGO_ENABLED = 0

build: $(TOOLS:%=bin/%) bin/topng

# go build knows best what is out of date.
bin/%: FORCE
	@go build -trimpath -o $@ ./cmd/$*

# An example that the pipelines use.
bin/topng: FORCE
	@go build -trimpath -o $@ ./examples/topng

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
