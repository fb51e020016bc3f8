"""What keeps the parts of `ketenwacht up` running, tells which do not, and ends them all and nothing else."""
