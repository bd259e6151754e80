"""What a journal has to say: trades as they stand, what is due, what was recorded."""
