"""Plotly figures, each with a table twin that holds the same numbers."""
