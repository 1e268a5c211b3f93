"""Ways in and out: each bridge knows addresses and passing text, never history; imports nothing of ours."""
