"""Journal of exchanges: their redaction, their forms, and the log."""
