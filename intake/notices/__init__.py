"""Tells coordinators that something waits, each as they chose: no content, no region, no type, to proven addresses."""
