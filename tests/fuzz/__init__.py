"""Fuzzers: a fixed short budget runs in the suite, a longer one under `make fuzz`."""
