"""A file a command: its declaration, and the function that runs it. `scaleplan.cli.command` says how to add one."""
