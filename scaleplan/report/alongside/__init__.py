"""`compare`: plans beside each other, or a plan beside its baselines."""
