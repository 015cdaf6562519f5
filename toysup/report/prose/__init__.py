"""Findings -> sentences: the answer of a report, and the words that it is made of."""
