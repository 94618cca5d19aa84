"""What runs in the sandbox. Nothing here is secret, and nothing here is believed outside."""
