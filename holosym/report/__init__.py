"""What a run shows to people: plots and tables."""
