"""Sees to it that somebody acts: claims what is due, tells who is there, up the chain; knows no text and no address."""
