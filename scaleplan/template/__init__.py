"""Templates on bars: each signal makes a plan of one, exactly as `show --at` shows it."""
