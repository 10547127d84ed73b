"""Verification of a real office: the contract cases, played one by one, and the outcome of each rule."""
