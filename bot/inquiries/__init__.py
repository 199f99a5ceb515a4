"""Inquiries that people follow up: their fields, references and records. No HTTP, no dialogue engine."""

from bot.inquiries.consent import CONSENT_VERSION
from bot.inquiries.countries import country_name, find_country
from bot.inquiries.fields import parse_company, parse_country, parse_email, parse_message, parse_name
from bot.inquiries.records import (
    EntityValue,
    HistoryEvent,
    InquiryDetail,
    InquiryDraft,
    InquirySummary,
    LoggedInquiry,
    TranscriptLine,
)
from bot.inquiries.reference import new_reference, parse_reference
from bot.inquiries.service import Inquiries

__all__ = [
    "CONSENT_VERSION",
    "EntityValue",
    "HistoryEvent",
    "Inquiries",
    "InquiryDetail",
    "InquiryDraft",
    "InquirySummary",
    "LoggedInquiry",
    "TranscriptLine",
    "country_name",
    "find_country",
    "new_reference",
    "parse_company",
    "parse_country",
    "parse_email",
    "parse_message",
    "parse_name",
    "parse_reference",
]
