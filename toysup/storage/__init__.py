"""A run's folder: measurements -> rows -> parquet, and back as a table.

In go the measurements of a chunk; out come immutable parts, results.parquet and the manifest, each
there whole or not at all. Parquet is the only hand-over to what judges and reports.
"""
