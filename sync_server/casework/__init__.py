"""What people at the bureau do with a record: look, decide; and the counts of leads by building."""
