"""The `ketenwacht` command: one file for each group of commands."""
