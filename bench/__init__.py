"""Measures what the product is promised to do; docs/benchmarks.md says with which command."""
