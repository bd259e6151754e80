"""`paths`: every order of fills and exits, its ends, its odds and its proofs."""
