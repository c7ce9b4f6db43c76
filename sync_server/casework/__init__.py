"""What people at the bureau do with a record: view it, decide; and counts of records by
building."""
