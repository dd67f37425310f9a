# Vigia. `make` lists what there is.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS     := -s -w -X main.version=$(VERSION)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.1.4
FUZZ        ?= 5
ARGS        ?=

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# Without a terminal to watch it and press Ctrl-C, the demo ends by itself.
demo: ## run the whole product on a temporary directory: ARGS="--for 60s"
	@.ci/setup demo
	@$(MAKE) --no-print-directory build
	@if [ -z "$(ARGS)" ] && [ ! -t 1 ]; then bin/vigia demo --for 60s; else bin/vigia demo $(ARGS); fi

build: ui ## build bin/vigia, the pages inside
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/vigia ./cmd/vigia

# The pages: made again when their sources, the API's document or a package changed.
WEB      := admin/ui/web
WEB_SRC  := $(shell find $(WEB)/src $(WEB)/public $(WEB)/scripts $(WEB)/*.* -type f 2>/dev/null)
ui: admin/ui/dist/index.html ## build the pages that the binary embeds
admin/ui/dist/index.html: $(WEB_SRC) $(WEB)/node_modules/.made bin/openapi.json
	cd $(WEB) && npm run --silent api && npm run --silent check && npm run --silent build
$(WEB)/node_modules/.made: $(WEB)/package-lock.json
	cd $(WEB) && npm ci --loglevel=error && touch node_modules/.made
bin/openapi.json: $(shell find admin engine/fleet -name '*.go' ! -name '*_test.go') admin/api/messages
	@mkdir -p bin
	@go run ./cmd/vigia openapi > bin/openapi.new
	@if cmp -s bin/openapi.new bin/openapi.json; then rm bin/openapi.new; touch bin/openapi.json; else mv bin/openapi.new bin/openapi.json; fi

GOARCH ?= $(shell go env GOARCH)
GOARM  ?= 7
NAME    = vigia-$(VERSION)-linux-$(GOARCH)$(if $(filter arm,$(GOARCH)),v$(GOARM))
dist: ui ## a tarball for a server: binary, unit, settings, snippets; GOARCH=arm64
	@rm -rf bin/$(NAME) && mkdir -p bin/$(NAME)
	CGO_ENABLED=0 GOOS=linux GOARCH=$(GOARCH) GOARM=$(GOARM) go build -trimpath -ldflags '$(LDFLAGS)' -o bin/$(NAME)/vigia ./cmd/vigia
	@cp docs/install/vigia.service docs/install/vigia.toml docs/install/nginx.conf docs/install/Caddyfile docs/install.md LICENSE bin/$(NAME)/
	@tar -C bin --owner=0 --group=0 -czf bin/$(NAME).tar.gz $(NAME) && rm -r bin/$(NAME)
	@ls -l bin/$(NAME).tar.gz

release: ## archives for amd64, arm64 and armv7 in bin/, with checksums
	@rm -f bin/vigia-$(VERSION)-linux-*.tar.gz
	@for arch in amd64 arm64 arm; do $(MAKE) --no-print-directory dist GOARCH=$$arch; done
	@cd bin && sha256sum vigia-$(VERSION)-linux-*.tar.gz > vigia-$(VERSION).sha256 && cat vigia-$(VERSION).sha256

test: ## everything CI runs: format, vet, tests with the race detector, crash tests, fuzzing
	@.ci/setup test
	@$(MAKE) --no-print-directory check-format vet
	@$(MAKE) --no-print-directory build
	@echo "test  go test -race -shuffle=on ./..."
	@BUILT_WITH_PAGES=1 go test -json -race -shuffle=on -timeout 12m ./... | tee .test.json | go run .ci/testsum/main.go
	@echo "matrix every operation, caller and field, without the race detector"
	@go test -json -count 1 -run '^(TestMatrix|TestMutants|TestReferences|TestEveryTextHasALimit)$$' ./admin | tee -a .test.json | go run .ci/testsum/main.go
	@$(MAKE) --no-print-directory e2e
	@echo "truth the record against the oracle, 300 histories of 2,000 reports"
	@go test -run 'TestTruth' -count 1 -v ./engine/track | grep -v '^=== RUN'
	@.ci/fuzz $(FUZZ)
	@echo "demo  the whole product for 25 s"
	@bin/vigia demo --for 25s
	@echo "all of make test passed"

e2e: build ## the pages in a real browser, against a real server
	@echo "unit  logic of the pages"
	@cd $(WEB) && npm run --silent unit
	@echo "e2e   the pages in Chromium"
	@rm -f .e2e.json
	@cd $(WEB) && E2E_JSON=$(CURDIR)/.e2e.json npm run --silent e2e

check-format:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not formatted (run gofmt -w):"; echo "$$out"; exit 1; fi
	@echo "ok    gofmt"

vet:
	@go vet ./...
	@echo "ok    go vet"

lint: ## staticcheck, beyond what make test runs
	go run $(STATICCHECK) ./...

vuln: ## known vulnerabilities in what we call; needs the database of vuln.go.dev, or VULNDB=file://DIR
	go run $(GOVULNCHECK) $(if $(VULNDB),-db $(VULNDB)) ./...

fuzz: ## fuzz every target: FUZZ=seconds each
	@.ci/fuzz $(FUZZ)

bench: build ## the figures of the README: ingest over TCP, then the Go benchmarks
	bin/vigia bench ingest --protocol gt06 --connections 100 --inflight 64 --devices 10000 --fences 10000 --seconds 15
	bin/vigia bench ingest --protocol gt06 --connections 1000 --inflight 1 --devices 10000 --fences 10000 --seconds 15
	go test -run '^$$' -bench . -skip 'Figures|Beside|Row|Memory$$' -benchmem ./...
	@$(MAKE) --no-print-directory table

table: ## the fence engine beside one R-tree with orb, and what else its table of figures has
	go test ./engine/fence ./engine/track . -run '^$$' -bench 'Beside|Row|Memory$$' -benchtime 1x -timeout 1h | go run .ci/table/main.go

# 100,000 customers, 1,000,000 devices; wants 6 GB of disk under TMPDIR. FIGURE=Lists, Import or Alerts takes one.
FIGURE ?=
figures: ## a great installation: lists, searches, an import while fixes come, alerts, watchers; FIGURE=Lists VIGIA_FIGURES=customers
	go test -run '^$$' -bench 'Figures$(FIGURE)' -benchtime 1x -v -timeout 2h ./cmd/vigia

# About 120 ms of CPU a seed; the nightly run asks for 10000.
SEEDS ?= 10000
oracle: ## random histories of fences and fixes against the oracles: SEEDS=10000
	VIGIA_SEEDS=$(SEEDS) go test ./engine/track -run 'TestTruth|TestPresetsEqualOracle' -count 1 -v -timeout 6h

mutants: ## take out and widen each row of the authorisation table: the matrix must notice each
	@go test -count 1 -v -run 'TestMutants' ./admin | sed -nE 's/^ *mutants_test.go:[0-9]+: //p; /^(ok|FAIL|panic)/p'

REQUIREMENTS ?= ../shared/requirements.csv
requirements: ## which requirements the last make test covered; REQUIREMENTS=list.csv
	@[ -f .test.json ] || { echo "run make test first: it leaves what this reads"; exit 1; }
	@cat .test.json $(wildcard .e2e.json) | go run .ci/requirements/main.go $(REQUIREMENTS)

clean: ## remove what was built
	rm -rf bin .test.json .e2e.json $(WEB)/node_modules
	rm -f geo/gazetteer/data/cities.bin.gz
	find admin/ui/dist -mindepth 1 ! -name placeholder -delete

.PHONY: help demo build dist release test ui e2e check-format vet lint vuln fuzz bench table figures oracle mutants requirements clean
