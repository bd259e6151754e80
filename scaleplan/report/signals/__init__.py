"""What an imported signal has to say to programs."""
