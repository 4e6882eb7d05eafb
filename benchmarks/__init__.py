"""The benchmarks; not part of the app."""
