"""What `make bench` runs: every figure beside a baseline of the same run, since machines differ and ratios last."""
