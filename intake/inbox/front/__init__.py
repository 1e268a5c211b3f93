"""The front door: joining, logging in, the cookie; knows no case."""
