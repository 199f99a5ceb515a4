"""What the console's pages work with: one of each for the whole process."""

from dataclasses import dataclass
from pathlib import Path

from bot.console.live import LiveWatch
from bot.console.vocabulary import Vocabulary
from bot.conversations import StaffConversations
from bot.delivery.inquiries import inquiry_service
from bot.gaps.groups import Gaps
from bot.inquiries import Inquiries
from bot.insight.service import Insight
from bot.knowledge import KnowledgeBase, Responses, load_terms
from bot.knowledge.templates import ReplyTemplate, load_templates
from bot.privacy.archive import Archivist
from bot.privacy.service import Privacy
from bot.proposals import Proposals
from bot.settings import Settings
from bot.staff import Accounts, Inbox, Readings, SavedViews, SecondFactor, Sessions, SignIn, Trail
from bot.store import Store
from bot.training import Trainings

DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True)
class ConsoleServices:
    """Everything that pages call."""

    settings: Settings
    store: Store
    knowledge: KnowledgeBase
    vocabulary: Vocabulary
    templates: tuple[ReplyTemplate, ...]
    accounts: Accounts
    sessions: Sessions
    sign_in: SignIn
    second_factor: SecondFactor
    trail: Trail
    readings: Readings
    saved_views: SavedViews
    inquiries: Inquiries
    inbox: Inbox
    conversations: StaffConversations
    live: LiveWatch
    gaps: Gaps
    proposals: Proposals
    trainings: Trainings
    insight: Insight
    privacy: Privacy
    archivist: Archivist


def make_services(settings: Settings, store: Store, knowledge: KnowledgeBase, responses: Responses) -> ConsoleServices:
    """The services on a database.

    Raises:
        KnowledgeError: the terms or the templates for replies have mistakes.
    """
    inquiries, readings, trail = inquiry_service(store, settings), Readings(store), Trail(store, settings)
    return ConsoleServices(
        settings=settings,
        store=store,
        knowledge=knowledge,
        vocabulary=Vocabulary(knowledge, load_terms(DATA / "terms.yml"), responses),
        templates=load_templates(DATA / "reply_templates.yml"),
        accounts=Accounts(store),
        sessions=Sessions(store, settings),
        sign_in=SignIn(store, settings),
        second_factor=SecondFactor(store, settings),
        trail=trail,
        readings=readings,
        saved_views=SavedViews(store),
        inquiries=inquiries,
        inbox=Inbox(store, inquiries, readings, trail),
        conversations=StaffConversations(store, settings),
        live=LiveWatch(store),
        gaps=Gaps(store),
        proposals=Proposals(store, DATA),
        trainings=Trainings(store, DATA.parent),
        insight=Insight(store),
        privacy=Privacy(store, settings),
        archivist=Archivist(store, settings, DATA),
    )
