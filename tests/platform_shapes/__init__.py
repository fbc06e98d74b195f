"""The four known shapes of the platform's database, written from its description; nothing is shared with the product."""
