"""What received cases name: numbers, handles, links and plates, found again in other cases without being stored."""
