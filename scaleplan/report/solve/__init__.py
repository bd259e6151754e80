"""`solve`: one unknown of a plan for one promise."""
