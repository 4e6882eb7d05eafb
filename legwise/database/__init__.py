"""How many, asked of a database? The same questions as in memory, as SQL."""
