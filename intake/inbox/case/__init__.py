"""One case: the page, its panels, and the forms on it, a file a matter."""
