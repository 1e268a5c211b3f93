"""The public side: pages and the JSON API for people who write and read without an account."""
