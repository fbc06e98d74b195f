"""The four known shapes of the platform's database, from its description, sharing nothing with the product."""
