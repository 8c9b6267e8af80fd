# make build            the four tools, in bin/
# make install          tools, manual pages and completions of bash, zsh and fish, into PREFIX (/usr/local)
# make test             all tests
# make reproduce        the main job: does backdrop help with few samples? A page in out/, which it names at its end
# make reproduce-paper  the same question on the paper's data, of 1024×1024; some hours
# make reproduce-auc    a loss of ranks with and without a mask on the sample axis, on MNIST; a page in out/auc/
# make descriptions     what the effect of a mask depends on; one of them is make width8, with 8 channels
# make runs             the runs of a STUDY without a page
# make estimate         how long the missing runs of a STUDY take
# make tune             the settings of a STUDY's arms, chosen on validation data
# make tune-auc         those of reproduce-auc
# make bench            times of training steps against the processor's peak, on an idle machine; the README's tables
# make bench-peers      the same beside PyTorch, ONNX Runtime, NumPy and scikit-learn at their best; 20 minutes
# make onnxruntime      ONNX Runtime for it and for make test, from the npm registry into out/peers
# make audit            known vulnerabilities of the modules used; needs the internet
# make clean            removes bin/ and out/
# make help             prints this

# reproduce goes on where it was interrupted. It takes STUDY=small: with more samples; SEEDS='11 12': on these seeds; JOIN=FILE:
# and with the runs of another computer's report, in its runs.csv; OUT=FOLDER instead of out. make out/few/fine@0.8@0.001-11.json
# makes one run. For bench-peers, Debian has python3-torch, python3-scipy, python3-sklearn and libjemalloc2, and nodejs and npm
# for ONNX Runtime.

SHELL      := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: build install test bench bench-peers onnxruntime audit clean help FORCE

TOOLS := gpgen bdtrain bdeval maskviz
export CGO_ENABLED = 0

build: $(TOOLS:%=bin/%) bin/topng

# go build itself knows what is out of date.
bin/%: FORCE
	@go build -trimpath -o $@ ./cmd/$*

# Examples that pipelines and studies use.
bin/topng bin/mnist bin/reproduce: bin/%: FORCE
	@go build -trimpath -o $@ ./examples/$*

PREFIX ?= /usr/local
share = $(DESTDIR)$(PREFIX)/share

install: $(TOOLS:%=bin/%)
	install -d $(DESTDIR)$(PREFIX)/bin $(share)/man/man1 $(share)/bash-completion/completions $(share)/zsh/site-functions $(share)/fish/vendor_completions.d
	install $^ $(DESTDIR)$(PREFIX)/bin
	@for tool in $(TOOLS); do \
		bin/$$tool help man > $(share)/man/man1/$$tool.1 && \
		bin/$$tool completion bash > $(share)/bash-completion/completions/$$tool && \
		bin/$$tool completion zsh > $(share)/zsh/site-functions/_$$tool && \
		bin/$$tool completion fish > $(share)/fish/vendor_completions.d/$$tool.fish || exit 1; \
	done

test:
	go test ./...

# BENCH is flags of examples/bench, such as -once.
bench: build
	@go run ./examples/bench $(BENCH)

# A program that cannot be installed is not timed; bench says so in one line.
bench-peers: build
	@test -d out/peers/node_modules || $(MAKE) -s onnxruntime >/dev/null 2>&1 || true
	@go run ./examples/bench -peers $(BENCH)

# Its install scripts are not run: they only download files for graphics processors.
onnxruntime:
	npm install --ignore-scripts --no-audit --no-fund --no-save --prefix out/peers onnxruntime-node@1.30.0

audit:
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

clean:
	rm -rf bin out

help:
	@sed -n '/^$$/q; s/^# //p' Makefile

# The studies are a table in examples/reproduce/studies.go. That program writes the rules of STUDY: for every file its
# command, CMD, and its prerequisites. It reads the variables of make from its environment, in which $(shell) does not put
# those of the command line.
ifneq ($(filter-out build install test bench bench-peers onnxruntime audit clean help bin/%,$(MAKECMDGOALS)),)
given := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),'$v=$(subst ','\'',$($v))'))
rules := $(shell exec 2>&1; CGO_ENABLED=0 go build -trimpath -o bin/reproduce ./examples/reproduce && env $(given) bin/reproduce -rules -o out/rules)
$(if $(filter 0,$(.SHELLSTATUS)),,$(error $(rules)))
include $(lastword $(rules))
endif

# Every run is files of its own, so make -j, an interrupted make and more SEEDS make only what is missing. The command of
# FILE is kept in FILE.cmd for the report; if it has changed, FILE is made again.
$(sort $(MADE)): %: %.cmd
	$(QUIET)$(CMD)

%.cmd: FORCE
	@mkdir -p $(@D); printf '%s\n' $(kept) | cmp -s - $@ || printf '%s\n' $(kept) > $@
kept = '$(subst ','\'',$(CMD))'

$(REPORTS): private QUIET = @
$(REPORTS): $(wildcard examples/reproduce/*.go examples/reproduce/*.tmpl)
$(REPORT): $(JOIN)

.PHONY: reproduce reproduce-paper reproduce-auc tune tune-auc runs estimate descriptions $(DESCRIPTIONS)

# The head of a report is printed, up to its pictures, and where the page is.
reproduce: estimate
	@$(MAKE) --no-print-directory -j$(JOBS) $(REPORT)
	@sed '/^## /,$$d' $(REPORT:.html=.md)
	@echo 'The page, for a browser: $(abspath $(REPORT))'

tune: build
	@$(MAKE) --no-print-directory -j$(JOBS) $(TUNED)
	@sed '/^## /,$$d' $(TUNED:.html=.md)
	@echo 'The page, for a browser: $(abspath $(TUNED))'

runs: $(FILES)

estimate: build $(filter %.txt,$(FILES))
	@bin/reproduce -estimate

reproduce-paper reproduce-auc: reproduce-%:
	@$(MAKE) --no-print-directory reproduce STUDY=$*

tune-auc:
	@$(MAKE) --no-print-directory tune STUDY=auc

descriptions: $(DESCRIPTIONS)
$(DESCRIPTIONS):
	@$(MAKE) --no-print-directory reproduce STUDY=$@
