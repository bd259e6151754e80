"""`check`: what is wrong with plans, for people, programs and build servers."""
