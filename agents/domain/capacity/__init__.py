"""Other capacity reported by the day: operating rooms, follow-up care, forecasts."""
