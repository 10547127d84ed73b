"""Admin API, under `/__admin/`."""
