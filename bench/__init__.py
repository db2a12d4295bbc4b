"""Benchmarks and proofs that are run by hand, each a command of its own."""
