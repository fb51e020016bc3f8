"""The domain, pure: (state, report) -> (state, outputs). No Faust, clock, socket or environment in here."""
