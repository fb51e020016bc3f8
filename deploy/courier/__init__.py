"""The courier as a process: webhook, topics, lease, mail server."""
