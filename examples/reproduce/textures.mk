# Studies of two-scale textures; PROTOCOL.md says what they ask. STUDY is one of its data sets:
#
#   make reproduce                            draw, train and evaluate what is missing, and report
#   make reproduce STUDY=small SEEDS='11 12'
#   make tune STUDY=small                     the choices of every arm on validation data, and which is best
#   make -j2 runs STUDY=small                 the runs without a report
#   make descriptions                         what an effect depends on
#   make reproduce SEEDS='21 22' JOIN=FILE    with the runs in FILE, the runs.csv of another computer's report
#   make out/few/fine@0.8@0.001-11.json       one of them
#
# Each run is tools in a pipe, on one thread; make runs JOBS of them at a time.
STUDY ?= few
JOBS  ?= $(shell getconf _NPROCESSORS_ONLN)
OUT   ?= out
DIR   := $(OUT)/$(STUDY)

# By study: samples for training, epochs, batch, samples for validation, those of them for learning curves, epochs from
# one point of these to the next, samples for testing, network, side, scales, last seed; and what tune tries: rates of
# none, rates of the other arms, seeds.
few   := 20 120 10 200 40 5 400 pooled 128 2.5,3.2:10,17 20
small := 100 80 10 200 100 4 400 pooled 128 2.5,3.2:10,17 30
paper := 100 20 4 40 20 2 200 crisp 1024 9.5,10:80,140 30
tune_few := 0.0003,0.0005,0.001,0.002,0.003,0.005 0.001,0.003 101,102,103
tune_small := $(tune_few)
tune_paper := 0.0005,0.001,0.002 0.001 101,102

$(if $(filter <$(STUDY)>,<few> <small> <paper>),,$(error STUDY=$(STUDY) is none of few, small, paper))
TRAIN  ?= $(word 1,$($(STUDY)))
EPOCHS ?= $(word 2,$($(STUDY)))
BATCH  := $(word 3,$($(STUDY)))
VAL    ?= $(word 4,$($(STUDY)))
CURVE  ?= $(word 5,$($(STUDY)))
EVERY  ?= $(word 6,$($(STUDY)))
TEST   ?= $(word 7,$($(STUDY)))
PRESET := $(word 8,$($(STUDY)))
SIDE   ?= $(word 9,$($(STUDY)))
SCALES := $(word 10,$($(STUDY)))

FIELD := --size $(SIDE) --scales $(SCALES) --power 0.75,1.25

# The arms, as tune chose them: a way to train, its choice, and the learning rate.
arms_few   := none@0.0005 fine@0.8@0.001 coarse@0.5@0.001 both@0.8@0.001 dropout@0.5@0.003 crop@64@0.003 decay@1@0.001
arms_small := none@0.0005 fine@0.8@0.001 coarse@0.5@0.001 both@0.5@0.001 dropout@0.5@0.001 crop@96@0.001 decay@1@0.001
arms_paper := none@0.002 fine@0.95@0.001 coarse@0.8@0.001 both@0.8@0.001 dropout@0.5@0.001 crop@512@0.001 decay@0.01@0.001
ARMS  ?= $(arms_$(STUDY))
# Ten seeds of a description, if none are given.
TEN   := $(or $(SEEDS),$(shell seq 11 20))
SEEDS ?= $(shell seq 11 $(word 11,$($(STUDY))))
override ARMS  := $(call distinct,$(ARMS))
$(call folder,OUT)
$(call seeds,SEEDS)
override SEEDS := $(call distinct,$(SEEDS))
$(call counts,JOBS TRAIN EPOCHS VAL CURVE EVERY TEST SIDE)
# The last epoch is a point of the curves, too.
override EVERY := $(if $(filter 0,$(shell expr $(EPOCHS) % $(EVERY))),$(EVERY),1)
$(foreach f,$(JOIN),$(if $(wildcard $f),,$(error JOIN: there is no $f)))

# The flags of each way to train, by its choice.
way_none    = --net $(NET) --no-masks
way_fine    = --net $(NET) --mask fine=$1 --mask coarse=0
way_coarse  = --net $(NET) --mask fine=0 --mask coarse=$1
way_both    = --net $(NET) --mask fine=$1 --mask coarse=$1
way_dropout = --net $(DIR)/dropout@$1.txt
way_crop    = --net $(NET) --no-masks --augment crop=$1
way_decay   = --net $(NET) --no-masks --opt adamw --weight-decay $1
parts = $(subst @, ,$1)
flags = $(call way_$(firstword $(parts)),$(word 2,$(parts))) --lr $(lastword $(parts))
$(if $(strip $(ARMS)),,$(error ARMS is empty, name arms such as none@0.001 or fine@0.8@0.001))
$(foreach a,$(ARMS),$(if $(filter none-2 fine-3 coarse-3 both-3 dropout-3 crop-3 decay-3,$(firstword $(call parts,$a))-$(words $(call parts,$a))),,$(error ARMS: $a is not an arm, such as none@0.001 or fine@0.8@0.001)))

# With WIDTH the network has so many channels instead of the preset's; with dropout, that takes the masks' places.
NET     := $(if $(WIDTH),$(DIR)/width$(WIDTH).txt,$(PRESET))
PS      := 0.5 0.8 0.95
NETS    := $(filter %.txt,$(NET)) $(foreach p,$(sort $(PS) $(foreach a,$(filter dropout@%,$(ARMS)),$(word 2,$(call parts,$a)))),$(DIR)/dropout@$p.txt)
network := bin/bdtrain --net $(PRESET) --size $(SIDE) --print-net | sed -E
$(DIR)/width$(WIDTH).txt: CMD = $(network) 's/(conv out)=[0-9]+/\1=$(WIDTH)/' > $(DIR)/width$(WIDTH).txt
$(foreach n,$(filter $(DIR)/dropout@%,$(NETS)),$(eval $n: CMD = $(network) 's/backdrop .*/dropout p=$(n:$(DIR)/dropout@%.txt=%)/' > $n))

# Seeds far from those of the training sets draw the test set and the validation set.
# The learning curves are of the first samples of the latter.
SETS := $(DIR)/test.tar.zst $(DIR)/curve.tar.zst
$(DIR)/curve.tar.zst: CMD = bin/gpgen -n $(CURVE) $(FIELD) --seed 2000000 -o $(DIR)/curve.tar.zst
$(DIR)/test.tar.zst: CMD = bin/gpgen -n $(TEST) $(FIELD) --seed 1000000 -o $(DIR)/test.tar.zst
$(DIR)/val.tar.zst: CMD = bin/gpgen -n $(VAL) $(FIELD) --seed 2000000 -o $(DIR)/val.tar.zst

# bdtrain writes a model when it is interrupted, too: it is only one if the tool ended well.
# A run: file without extension, arm, seed, data to evaluate on, flags of validation.
train = bin/gpgen -n $(TRAIN) $(FIELD) --seed $3 --threads 1 | bin/bdtrain $(call flags,$2) --epochs $(EPOCHS) --batch $(BATCH) --seed $3$5 --threads 1 --quiet --log $1.jsonl -o $1.part && mv $1.part $1.model.tar.zst
define RUN
$1.model.tar.zst: CMD = $$(call train,$1,$2,$3,,$5)
$1.model.tar.zst: $(filter %.txt,$(call flags,$2))$(if $5, $(DIR)/curve.tar.zst)
$1.json: CMD = bin/bdeval -m $1.model.tar.zst --json --metrics accuracy,auc,loss --threads 1 $4 > $1.json
$1.json: $1.model.tar.zst $4
endef

VALIDATED := $() --val $(DIR)/curve.tar.zst --val-every $(EVERY)
# Seed by seed, so that what is there of an interrupted study is comparable.
RUNS := $(foreach s,$(SEEDS),$(foreach a,$(ARMS),$(DIR)/$a-$s))
$(foreach a,$(ARMS),$(foreach s,$(SEEDS),$(eval $(call RUN,$(DIR)/$a-$s,$a,$s,$(DIR)/test.tar.zst,$(VALIDATED)))))

# What tune tries.
comma   := ,
tried    = $(subst $(comma), ,$(word $1,$(tune_$(STUDY))))
WINDOWS := $(foreach q,1 2 3,$(shell expr $q '*' $(SIDE) / 4))
trials   = $(foreach w,$1,$(foreach c,$2,$(foreach r,$(call tried,2),$w@$c@$r)))
TRIALS  := $(foreach r,$(call tried,1),none@$r) $(call trials,fine coarse both dropout,$(PS)) $(call trials,crop,$(WINDOWS)) $(call trials,decay,0.01 0.1 1)
TUNING  := $(foreach a,$(TRIALS),$(foreach s,$(call tried,3),$(DIR)/tune/$a-$s))
$(foreach a,$(TRIALS),$(foreach s,$(call tried,3),$(eval $(call RUN,$(DIR)/tune/$a-$s,$a,$s,$(DIR)/val.tar.zst,))))

# The pictures of what is masked are of the first run that has a mask.
MASKED   := $(firstword $(filter $(DIR)/fine% $(DIR)/both% $(DIR)/coarse%,$(RUNS)))
PICTURES := $(addprefix $(OUT)/,preview.png $(if $(MASKED),masks.png gradient.png))
$(OUT)/preview.png: CMD = bin/gpgen -n $(TRAIN) $(FIELD) --seed $(firstword $(SEEDS)) --preview $(OUT)/preview.png -o /dev/null
$(OUT)/masks.png: CMD = bin/maskviz -m $(MASKED).model.tar.zst --mode masks --batch 1 -o $(OUT)/masks.png
$(OUT)/masks.png: $(MASKED).model.tar.zst
$(OUT)/gradient.png: CMD = bin/maskviz -m $(MASKED).model.tar.zst --mode gradient --batch 3 -o $(OUT)/gradient.png $(DIR)/test.tar.zst
$(OUT)/gradient.png: $(MASKED).model.tar.zst $(DIR)/test.tar.zst

made       = $(foreach r,$1,$r.model.tar.zst $r.json)
FILES     := $(SETS) $(sort $(filter %.txt,$(foreach a,$(ARMS),$(call flags,$a)))) $(call made,$(RUNS)) $(PICTURES)
TUNED     := $(DIR)/val.tar.zst $(sort $(filter %.txt,$(foreach a,$(TRIALS),$(call flags,$a)))) $(call made,$(TUNING))
REPORTS   := $(OUT)/report.html $(DIR)/tune/report.html
REPORT ?= $(STUDY)
$(OUT)/report.html: CMD = go run ./examples/reproduce -study $(REPORT) -o $(OUT) $(FILES) $(JOIN)
$(OUT)/report.html: $(FILES) $(JOIN)
$(DIR)/tune/report.html: CMD = go run ./examples/reproduce -study tune-$(STUDY) -o $(DIR)/tune $(TUNED)
$(DIR)/tune/report.html: $(TUNED)
$(REPORTS): private QUIET = @
REPORT_CODE := $(wildcard examples/reproduce/*.go examples/reproduce/*.tmpl)
$(REPORTS): $(REPORT_CODE)
MADE += $(SETS) $(DIR)/val.tar.zst $(NETS) $(PICTURES) $(call made,$(RUNS) $(TUNING)) $(REPORTS)

# The head of a report, up to its pictures and tables of runs.
head = sed '/^\#\# /,$$d' $1

reproduce: estimate
	@$(MAKE) --no-print-directory -j$(JOBS) $(OUT)/report.html
	@$(call head,$(OUT)/report.md)

reproduce-paper:
	@$(MAKE) --no-print-directory reproduce STUDY=paper

tune: build
	@$(MAKE) --no-print-directory -j$(JOBS) $(DIR)/tune/report.html
	@$(call head,$(DIR)/tune/report.md)

runs: $(FILES)

# What an effect depends on, on ten seeds: the probability of a mask, and at the settings of small the training samples
# (8,000 are seen in all), channels, and the side of the samples.
by_fine   := none@0.001 $(foreach p,0.3 0.5 0.8 0.9 0.95 0.99,fine@$p@0.001)
by_coarse := none@0.001 $(foreach p,0.1 0.3 0.5 0.7 0.8 0.9,coarse@$p@0.001)
settings  := none@0.0005 fine@0.8@0.001 coarse@0.5@0.001
few-fine     = STUDY=few   ARMS='$(by_fine)'
few-coarse   = STUDY=few   ARMS='$(by_coarse)'
small-fine   = STUDY=small ARMS='$(by_fine)'
small-coarse = STUDY=small ARMS='$(by_coarse)'
samples20    = STUDY=small ARMS='$(settings)' TRAIN=20 EPOCHS=400
samples40    = STUDY=small ARMS='$(settings)' TRAIN=40 EPOCHS=200
samples200   = STUDY=small ARMS='$(settings)' TRAIN=200 EPOCHS=40
width8       = STUDY=small ARMS='$(settings)' WIDTH=8
width16      = STUDY=small ARMS='$(settings)' WIDTH=16
side64       = STUDY=small ARMS='$(settings)' SIDE=64
side256      = STUDY=small ARMS='$(settings)' SIDE=256
DESCRIPTIONS := few-fine few-coarse small-fine small-coarse samples20 samples40 samples200 width8 width16 side64 side256

descriptions: $(DESCRIPTIONS)

$(DESCRIPTIONS): build
	@$(MAKE) --no-print-directory reproduce OUT=$(OUT)/$@ SEEDS='$(TEN)' REPORT=description $($@)

# From a few steps of each arm that misses runs, or has some by other commands.
same    = $(and $(findstring <$(strip $1)>,<$(strip $2)>),$(findstring <$(strip $2)>,<$(strip $1)>))
missing = $(words $(foreach s,$(SEEDS),$(if $(and $(wildcard $1-$s.model.tar.zst),$(call same,$(file < $1-$s.model.tar.zst.cmd),$(call train,$1-$s,$(notdir $1),$s,,$(VALIDATED)))),,$s)))
estimate: build $(filter %.txt,$(FILES))
	@printf '%s\n' $(foreach a,$(ARMS),$(if $(filter-out 0,$(call missing,$(DIR)/$a)),'$(call missing,$(DIR)/$a) $(call flags,$a)')) | sed '/^$$/d' | examples/reproduce/estimate.sh $(TRAIN) $(CURVE) $(EVERY) $(BATCH) $(EPOCHS) $(JOBS) $(FIELD)

.PHONY: reproduce reproduce-paper tune runs estimate descriptions $(DESCRIPTIONS)
