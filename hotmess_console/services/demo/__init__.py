"""A small invented world for the demo and the tests: people, staff and their tickets, from one seed."""
