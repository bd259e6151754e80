"""What came of a template on bars: a page, a record, rows of trades and of equity."""
