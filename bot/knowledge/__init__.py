"""The knowledge base: what the assistant may claim, and how it says everything else.

Imports nothing but the standard library and PyYAML, because both environments load it: the app (Python 3.12) and the
Rasa engine (Python 3.10).
"""

from bot.knowledge.base import KnowledgeBase, load_knowledge
from bot.knowledge.entry import Entry, Source, Topic
from bot.knowledge.errors import KnowledgeError
from bot.knowledge.examples import Examples, load_examples
from bot.knowledge.language import LANGUAGES, Language
from bot.knowledge.responses import RenderedResponse, Response, ResponseButton, Responses, load_responses
from bot.knowledge.terms import Term, load_terms

__all__ = [
    "LANGUAGES",
    "Entry",
    "Examples",
    "KnowledgeBase",
    "KnowledgeError",
    "Language",
    "RenderedResponse",
    "Response",
    "ResponseButton",
    "Responses",
    "Source",
    "Term",
    "Topic",
    "load_examples",
    "load_knowledge",
    "load_responses",
    "load_terms",
]
