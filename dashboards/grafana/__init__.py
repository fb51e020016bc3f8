"""The Grafana dashboards: built from norms and the metric catalogue, kept as files, pushed by one gateway."""
