"""The command line and the wiring: the only room that reads settings, builds clients and names concrete classes."""
