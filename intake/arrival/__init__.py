"""What comes in by phone or chat, from the bridge's hands to a sealed message and its answer, in one transaction."""
