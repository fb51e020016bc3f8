"""What is seen: Grafana dashboards, the live page, reports."""
