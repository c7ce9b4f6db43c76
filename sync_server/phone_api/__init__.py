"""The phone's HTTP calls: enrol, sync; read, batched and answered."""
