"""The demo: an example company, its widget, its sales channel and the visitor's profile on one page."""
