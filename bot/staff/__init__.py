"""The people who answer: who they are, how they sign in, and where each of them stands. No HTTP."""

from bot.staff.accounts import Accounts
from bot.staff.inbox import Inbox, InboxPage, InboxRow
from bot.staff.member import StaffMember, may
from bot.staff.readings import Readings
from bot.staff.saved_views import NamedView, SavedViews
from bot.staff.second_factor import Enrolment, SecondFactor
from bot.staff.sessions import OpenedSession, Sessions, SignedIn
from bot.staff.sign_in import SignIn
from bot.staff.trail import Trail

__all__ = [
    "Accounts",
    "Enrolment",
    "Inbox",
    "InboxPage",
    "InboxRow",
    "NamedView",
    "OpenedSession",
    "Readings",
    "SavedViews",
    "SecondFactor",
    "Sessions",
    "SignIn",
    "SignedIn",
    "StaffMember",
    "Trail",
    "may",
]
