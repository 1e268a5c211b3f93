"""What is a member's own: account, days away, where notices go; shows no case."""
