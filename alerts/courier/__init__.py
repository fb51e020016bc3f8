"""What to say to whom, when: from the log of transitions, what Alertmanager brought, and what mail servers said."""
