"""Settings: each one declared once, with its check, default, flag and help."""
