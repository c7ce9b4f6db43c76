"""Lists that offices keep in spreadsheets and maps, taken in whole or not at all."""
