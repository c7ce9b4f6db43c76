"""The bureau: receives what phones deliver, merges it, lets people decide, sends answers home."""
