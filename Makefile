# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help run build test lint format

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build, start with the embedded database and the demo, print the address
	@exec target/release/heli serve --demo

build: ## the release binary, target/release/heli
	@tools/need build
	cargo build --release

test: ## install what is missing, then all tests: both engines; prints a time budget per layer
	@tools/need build test
	@tools/test

lint: ## formatting and clippy
	cargo fmt --check
	cargo clippy --all-targets --quiet -- -D warnings

format: ## format the Rust code
	cargo fmt
