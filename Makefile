# Run `make` for what there is. The tools have a go.mod of their own, so that they do not raise the program's.
GO   ?= go
LINT := $(GO) tool -modfile=tools/go.mod golangci-lint

.DEFAULT_GOAL := help
.PHONY: help check vet lint test race generate demo

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: vet lint test ## everything a change must pass

vet: ## go vet, the program and its tools
	$(GO) vet ./...
	$(GO) -C tools vet ./...

lint: ## golangci-lint as .golangci.yml says; the first run builds it, about two minutes
	$(LINT) run

test: ## all tests
	$(GO) test ./...

race: ## all tests under the race detector
	$(GO) test -race ./...

generate: ## write the generated files again
	$(GO) generate ./...

demo: ## one visit from the record to the paid invoice, in a temporary folder
	$(GO) run ./cmd/medbill demo
