"""What a review has to say: many trades in figures, and the card of a single one."""
