"""The plant, the scripts and the hands of the working day that `bench.day` and `bench.statements` replay."""
