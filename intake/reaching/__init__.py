"""Writing to a person outside the mailbox: whether it is safe, by which code, and what did not get through."""
