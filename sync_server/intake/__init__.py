"""What phones deliver: validated, recorded in one transaction, receipted, answered."""
