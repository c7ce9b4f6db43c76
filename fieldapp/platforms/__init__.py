"""The places where the app runs: as a package on a phone, on a web host, in a browser's page."""
