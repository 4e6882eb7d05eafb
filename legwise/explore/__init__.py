"""Any table, any chart, and the code that makes it."""
