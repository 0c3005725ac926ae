# Run `make` for what there is. The tools have a go.mod of their own, so that they do not raise the program's.
GO   ?= go
LINT := $(GO) tool -modfile=tools/go.mod golangci-lint

.DEFAULT_GOAL := help
.PHONY: help check vet lint test race histories day simulation fuzz soak generate demo build visit-cost aging plans statements

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: vet lint test ## everything a change must pass

vet: ## go vet, the program and its tools
	$(GO) vet ./...
	$(GO) -C tools vet ./...
	$(GO) -C tools/proof vet ./...

lint: ## golangci-lint as .golangci.yml says; the first run builds it, about two minutes
	$(LINT) run

test: ## all tests
	$(GO) test ./...
	$(GO) -C tools/proof test ./...

race: ## all tests under the race detector
	$(GO) test -race ./...

histories: ## 2,000 random histories a law and database, about twenty minutes
	RAPID_CHECKS=2000 $(GO) test ./billing -run TestHistory -count 1 -timeout 60m

day: ## 500 visits against payers, with the server and the payers killed in the middle, on both databases
	TIMES=13 $(GO) test ./cmd/medbill -run TestADayEndsTheSameEachTime -count 1 -timeout 30m -v

EVENTS ?= 1000000
simulation: ## EVENTS=1000000 of all kinds through the use cases, in worlds of 600, with proofs; WHERE=sqlite or postgres, SEED tells one again
	GOGC=400 EVENTS=$(EVENTS) $(GO) test ./billing -run 'TestSimulatedDaysKeepTheBooks/$(WHERE)' -count 1 -timeout 0 -v

STATEMENTS ?= 10000
statements: ## send STATEMENTS=10000 guarantors what they owe, on both databases, and say how long it took
	STATEMENTS=$(STATEMENTS) $(GO) test ./billing -run TestARunOfMany -count 1 -v

FUZZ ?= 20
fuzz: ## every fuzz target for FUZZ seconds each, 20 unless said; the first that fails ends it and leaves its input in testdata
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9]*' . | sed 's|/[^/]*:func | |' | sort | { n=0; while read -r dir name; do \
		n=$$((n+1)); echo "$$n. $$dir $$name, $(FUZZ) s"; \
		$(GO) test $$dir -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ)s </dev/null || exit 1; done; echo "$$n targets found nothing"; }

SOAK ?= 10m
soak: ## clients of every role while server and database are killed again and again: SOAK=10m in all, both databases
	SOAK=$(SOAK) $(GO) test ./cmd/medbill -run TestSoak -count 1 -timeout 0 -v

generate: ## write the generated files again
	$(GO) generate ./...

build: ## the binary as it is released: without debug tables and unused codecs; VERSION=v1.2.3 where there is no git
	$(GO) build -trimpath -tags nomsgpack -ldflags "-s -w $(if $(VERSION),-X medbill/internal/build.release=$(VERSION))" -o medbill ./cmd/medbill

plans: ## explain every statement that the whole suite sends, on both databases and by the worst figures
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && export MEDBILL_TEST_STATEMENTS="$$dir" && \
		$(GO) test -count 1 ./... && $(GO) test ./internal/store -run TestStatementsOfTheSuite -count 1 -v

demo: ## one visit from the record to the paid invoice, in a temporary folder
	$(GO) run ./cmd/medbill demo

visit-cost: ## what a visit of three lines costs: statements, versions and bytes, on both databases
	@$(GO) test ./billing -run TestWhatAVisitCosts -count=1 -v | sed -n 's/.*: a visit on/a visit on/p'

aging: ## what the aging of a million open lines takes, on both databases; to make the lines takes minutes
	$(GO) test ./billing -run - -bench Aging -benchtime 1x -timeout 60m
