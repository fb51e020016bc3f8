"""Zorgbemiddeling: where the same treatment has a shorter wait."""
