"""Reconnect after a job interview: evaluations in plain text go in, today's call sheet comes out."""
