"""State of one office: its tables, its clock, its faults."""
