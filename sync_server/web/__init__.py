"""What stands between the network and all handlers: limits on connections, security headers."""
