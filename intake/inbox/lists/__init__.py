"""Lists of cases: open and closed, narrowed, saved, searched, live; shows labels, never a conversation."""
