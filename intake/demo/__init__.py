"""The demo: the real service with made-up people, cases, numbers and phones; nothing else knows it."""
