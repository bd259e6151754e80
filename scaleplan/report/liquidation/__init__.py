"""`explain-liquidation`: one liquidation price, step by step."""
