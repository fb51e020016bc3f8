"""How good our own projection was on real files: its errors, its bands, its warnings, beside simpler ones."""
