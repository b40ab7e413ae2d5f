# The commands of the house; each installs what it needs (tools/bootstrap) and can be repeated.
JOBS ?= $(shell nproc)

.PHONY: build demo test test-asan lint bench fuzz clean

build:
	tools/bootstrap build
	tools/configure release
	cmake --build build/release --target pare -j $(JOBS)

demo: build
	tools/bootstrap demo
	demo/run

test:
	tools/bootstrap test
	tools/configure dev
	cmake --build build/dev -j $(JOBS)
	ctest --test-dir build/dev --output-on-failure -LE network -j $(JOBS)
	ctest --test-dir build/dev --output-on-failure -L network

test-asan:
	tools/bootstrap test
	tools/configure asan
	cmake --build build/asan -j $(JOBS)
	ctest --test-dir build/asan --output-on-failure -LE network -j $(JOBS)

lint:
	tools/bootstrap lint
	tools/check
	tools/tidy

bench: build
	tools/bootstrap bench
	bench/run
	bench/registry

fuzz:
	tools/bootstrap lint
	tools/fuzz

clean:
	rm -rf build out
