"""What the desk does, plans and decides about a case, as sealed entries that are only ever added; knows no page."""
