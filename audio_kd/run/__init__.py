"""Whole runs: the command line, its options, the pipeline, run folders, compression, benchmarks,
the explorer."""
