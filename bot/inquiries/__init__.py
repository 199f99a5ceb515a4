"""Inquiries that people follow up: their fields, references and records. No HTTP, no dialogue engine."""

from bot.inquiries.actor import ASKER, SYSTEM, Actor, staff
from bot.inquiries.business_hours import BusinessHours
from bot.inquiries.case import Case
from bot.inquiries.consent import CONSENT_VERSION
from bot.inquiries.countries import country_name, find_country
from bot.inquiries.desk import Desk
from bot.inquiries.fields import parse_company, parse_country, parse_email, parse_message, parse_name
from bot.inquiries.filter import Cursor, InquiryFilter, Page, Sort, parse_cursor
from bot.inquiries.outbox import NoOutbox, Outbox
from bot.inquiries.records import (
    EntityValue,
    HistoryEvent,
    InquiryDetail,
    InquiryDraft,
    InquirySummary,
    LoggedInquiry,
    Note,
    Reply,
    TranscriptLine,
)
from bot.inquiries.reference import new_reference, parse_reference
from bot.inquiries.service import Inquiries

__all__ = [
    "ASKER",
    "CONSENT_VERSION",
    "SYSTEM",
    "Actor",
    "BusinessHours",
    "Case",
    "Cursor",
    "Desk",
    "EntityValue",
    "HistoryEvent",
    "Inquiries",
    "InquiryDetail",
    "InquiryDraft",
    "InquiryFilter",
    "InquirySummary",
    "LoggedInquiry",
    "NoOutbox",
    "Note",
    "Outbox",
    "Page",
    "Reply",
    "Sort",
    "TranscriptLine",
    "country_name",
    "find_country",
    "new_reference",
    "parse_company",
    "parse_country",
    "parse_cursor",
    "parse_email",
    "parse_message",
    "parse_name",
    "parse_reference",
    "staff",
]
