"""Batches of records as brokers keep them (KIP-98, format v2), read so that no bytes in them can end a reader."""
