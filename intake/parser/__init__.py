"""The keyless room: reads files of strangers in a process of its own, without keys, network or files; knows no case."""
