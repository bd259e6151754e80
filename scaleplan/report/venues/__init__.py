"""`venues`: what is known of the bundled venues."""
