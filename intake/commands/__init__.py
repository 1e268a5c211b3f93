"""What an operator types besides serving: set up, check, recover, ask triage; each is a command of `hamn`."""
