"""A mail server for this machine only: it keeps what it is sent, delivers nothing, and shows it in a browser.

`python -m lms.notifications.mailcatcher` starts it; `./dev run` does so. It needs no Django.
"""
