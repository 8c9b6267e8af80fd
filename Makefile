# make build       the four tools, in bin/
# make test        all tests
# make reproduce   the main job: does backdrop help with few samples? Writes out/report.md and out/report.html;
#                  STUDY=small is the same with more samples
# make reproduce-paper  the same question on the paper's data, of 1024×1024; some hours
# make tune        the settings of a STUDY's arms, on validation data
# make reproduce-auc  a loss of ranks with and without a mask on the sample axis, on MNIST. Writes out/auc/report.md, .html
# make tune-auc    the learning rates of that study, on validation data
# make bench       times of training steps against the processor's peak, on an idle machine; the README's tables
# make bench-peers the same beside PyTorch, ONNX Runtime, NumPy and scikit-learn at their best (Debian: python3-torch,
#                  python3-scipy, python3-sklearn, libjemalloc2; nodejs and npm for ONNX Runtime); 20 minutes
# make onnxruntime ONNX Runtime for it, from the npm registry into out/peers
# make audit       known vulnerabilities of what is used; needs the internet
# make clean       removes bin/ and out/

SHELL      := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: build test bench bench-peers onnxruntime audit clean FORCE

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

# BENCH are more flags of examples/bench, such as -once.
bench: build
	@go run ./examples/bench $(BENCH)

# What cannot be installed is not timed: bench says so in one line.
bench-peers: build
	@test -d out/peers/node_modules || $(MAKE) -s onnxruntime >/dev/null 2>&1 || true
	@go run ./examples/bench -peers $(BENCH)

# Its install script only fetches what a processor alone does not need.
onnxruntime:
	npm install --ignore-scripts --no-audit --no-fund --no-save --prefix out/peers onnxruntime-node@1.30.0

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

# What is given on the command line is looked at before hours are spent on it. Numbers are decimal, and lose zeros in
# front: what make, a shell and the tools make of them, and the names of files, agree.
distinct = $(if $1,$(firstword $1) $(call distinct,$(filter-out $(firstword $1),$1)))
nodigits = $(subst 0,,$(subst 1,,$(subst 2,,$(subst 3,,$(subst 4,,$(subst 5,,$(subst 6,,$(subst 7,,$(subst 8,,$(subst 9,,$1))))))))))
whole    = $(if $(call nodigits,$1),,$1)
nozeros  = $(if $(filter 0%,$1),$(call nozeros,$(patsubst 0%,%,$1)),$1)
decimal  = $(eval override $1 := $(foreach n,$($1),$(or $(call nozeros,$n),0)))
counts   = $(foreach v,$1,$(if $(and $(filter 1,$(words $($v))),$(call whole,$($v)),$(subst 0,,$($v))),$(call decimal,$v),$(error $v='$($v)' must be a whole number from 1)))
seeds    = $(if $(call whole,$(subst $() ,,$(strip $($1)))),$(call decimal,$1),$(error $1='$(strip $($1))' must be whole numbers, such as '11 12 13'))
folder   = $(if $(filter 1,$(words $($1))),,$(error $1='$($1)' must be a folder without spaces in its name))

include examples/reproduce/textures.mk examples/reproduce/auc.mk

# MADE are the files of all studies.
$(MADE): %: %.cmd | build
	$(QUIET)$(CMD)
