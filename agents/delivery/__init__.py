"""Batch delivery: a Faust agent gets what was fetched of a partition as one event. See docs/delivery.md."""
