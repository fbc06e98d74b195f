"""The migrations of schemas `console` and `console_audit`."""

NEWEST = "0002"
"""The revision that this program brings; a test keeps it equal to the newest migration."""
