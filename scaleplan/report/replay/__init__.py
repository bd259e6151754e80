"""What a replay says: its events line by line with what the bars leave open, and its worst beside its best."""
