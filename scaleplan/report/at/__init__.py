"""`at`: where a plan stands at a price."""
