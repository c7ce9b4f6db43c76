"""The phone's addresses against their own OpenAPI document, by Schemathesis: `make fuzz`."""
