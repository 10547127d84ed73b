"""Resources: what the folders of `schemas/` declare of each resource, read when it is first asked for."""
