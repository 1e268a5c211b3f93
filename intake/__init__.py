"""The service: receives, seals, stores and shows cases; the only package that sees both sides."""
