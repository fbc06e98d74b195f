"""The migrations of schemas `console` and `console_audit`."""

NEWEST = "0001"
"""The revision that this program brings; a test keeps it equal to the newest migration."""
