"""What phones send: validated, recorded in one transaction, receipted, answered."""
