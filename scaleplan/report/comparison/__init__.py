"""`compare-venues`: one plan by the rules of every venue."""
