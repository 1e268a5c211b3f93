"""What members do with their own accounts; a room that reads no case and sees nobody else's."""
