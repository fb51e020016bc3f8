"""Alertmanager: its production configuration (generated), and a server on loopback."""
