"""What leaves the bureau on paper: office documents, drawn in processes of their own."""
