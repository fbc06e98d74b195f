"""HOTMESS Console: moderation, support, safety and billing from one desktop window."""

__version__ = "0.1.0"
