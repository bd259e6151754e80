"""What came of a sweep: a page, a record, rows of variants."""
