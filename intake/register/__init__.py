"""An authority's register of what it received and sent: dates, directions, a reference; never a word of content."""
