"""Changes to the knowledge base that staff propose: questions for an entry, new entries, and the files they become."""

from bot.proposals.content import EntryDraft, Questions, SourceDraft
from bot.proposals.service import OpenProposal, Proposals

__all__ = ["EntryDraft", "OpenProposal", "Proposals", "Questions", "SourceDraft"]
