"""What does the command line do? It asks as the pages do, and prints the answer."""
