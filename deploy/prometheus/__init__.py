"""Prometheus: its production configuration, and a server on loopback for the local stack and the tests."""
