"""The written forms: price, share, size, money, duration to exact values, and back."""
