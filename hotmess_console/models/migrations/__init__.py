"""The migrations of schemas `console` and `console_audit`."""

OLDEST = "0002"
"""The oldest revision that this program writes to; an older database is only read."""
NEWEST = "0002"
"""The revision that this program brings; a test keeps it equal to the newest migration."""
