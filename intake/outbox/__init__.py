"""Promised texts on their way out: claimed, asked about once more, sent, settled, reported on."""
