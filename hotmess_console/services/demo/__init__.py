"""A small invented world for the demo and the tests: people, staff and their tickets, from one seed."""

from hotmess_console.services.demo.people import DemoAccount, demo_accounts
from hotmess_console.services.demo.situations import demo_folder
from hotmess_console.services.demo.staff import DemoStaff, demo_staff
from hotmess_console.services.demo.tickets import DemoTicket, DemoTurn, accounts_needed, demo_tickets
from hotmess_console.services.demo.wording import SEED

__all__ = [
    "SEED",
    "DemoAccount",
    "DemoStaff",
    "DemoTicket",
    "DemoTurn",
    "accounts_needed",
    "demo_accounts",
    "demo_folder",
    "demo_staff",
    "demo_tickets",
]
