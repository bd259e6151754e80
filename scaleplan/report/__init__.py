"""Results to text: terminal tables, Markdown, JSON, CSV. It returns, and never prints."""
