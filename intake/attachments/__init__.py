"""Files that people send along: taken in sealed, drawn anew by the parser, kept, shown; knows no page."""
