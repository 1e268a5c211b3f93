"""What is counted, how small numbers are kept from showing, and the tables that come of it; knows no case."""
