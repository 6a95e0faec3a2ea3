# What can be done from a clone. `make help` lists it; JOBS=2 limits the compilers.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
ARGS ?=
HEAVY := ConflictResolutionTests|SimulationTests|CrashTests|FuzzTests|HostileFileTests
LOOPBACK := ^(ChannelAdaptersTests|ChannelSimulatorsTests|SyncDaemonTests)\.
GATEWAYS := ^GatewayTests\.
PROGRAMS := EndToEndTests
# So many tests at once: all of a round begun together starve those that wait for an answer over loopback.
WIDTH := --experimental-maximum-parallelization-width 8

.PHONY: help install build run test tidy check bench prove sanitize clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: ## what building needs: libcurl, SQLite, test tools; only what is missing
	@scripts/install

build: install ## a debug build of everything
	swift build -j $(JOBS)

# A debug build: it is ready in a fraction of a release build's time, and the demo waits on
# its simulated channels, not on the processor. Only `bench` pays for -c release.
run: install ## the demo: a daemon, simulated channels, a story (ARGS=--once to end by itself)
	swift build -j $(JOBS) --product heyi
	@exec "$$(swift build --show-bin-path)/heyi" demo $(ARGS)

# In rounds: the laws and the simulation use every core for minutes, the programs wait for other processes and come one
# after the other; what fails soonest comes first.
test: install ## build, then all tests
	swift build -j $(JOBS) --build-tests
	swift test -j $(JOBS) $(WIDTH) --skip-build --filter '$(LOOPBACK)'
	swift test -j $(JOBS) $(WIDTH) --skip-build --skip '$(HEAVY)|$(LOOPBACK)|$(GATEWAYS)|$(PROGRAMS)'
	swift test -j $(JOBS) $(WIDTH) --skip-build --filter '$(GATEWAYS)'
	swift test -j $(JOBS) $(WIDTH) --skip-build --filter '$(PROGRAMS)'
	swift test -j $(JOBS) $(WIDTH) --skip-build --filter '$(HEAVY)'

tidy: ## only the rules on the sources themselves: imports, banned calls, sizes
	swift test -j $(JOBS) --filter TidyTests

# Own scratch path, emptied first: an incremental build lets undeclared imports through.
check: install ## clean build with import check, then all tests
	rm -rf .build-check
	swift build -j $(JOBS) --scratch-path .build-check --build-tests --explicit-target-dependency-import-check error
	swift test -j $(JOBS) $(WIDTH) --scratch-path .build-check --skip-build --filter '$(LOOPBACK)'
	swift test -j $(JOBS) $(WIDTH) --scratch-path .build-check --skip-build --skip '$(HEAVY)|$(LOOPBACK)|$(GATEWAYS)|$(PROGRAMS)'
	swift test -j $(JOBS) $(WIDTH) --scratch-path .build-check --skip-build --filter '$(GATEWAYS)'
	swift test -j $(JOBS) $(WIDTH) --scratch-path .build-check --skip-build --filter '$(PROGRAMS)'
	swift test -j $(JOBS) $(WIDTH) --scratch-path .build-check --skip-build --filter '$(HEAVY)'

bench: install ## measure a release build (5 to 10 minutes for the first one)
	JOBS=$(JOBS) scripts/bench $(ARGS)

prove: install ## the long rounds, some three hours: seeds, kills, crashes, drift (ARGS='seeds drift' for some)
	JOBS=$(JOBS) scripts/prove $(ARGS)

sanitize: install ## the tests under the address and the thread sanitizer, two builds of their own (over an hour)
	JOBS=$(JOBS) scripts/sanitize address
	JOBS=$(JOBS) scripts/sanitize thread

clean: ## remove what was built
	rm -rf .build .build-check
