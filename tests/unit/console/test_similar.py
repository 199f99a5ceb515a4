"""Similar inquiries stand beside a case, in the words of who wrote them and as text."""

import pytest

from bot.store import Inquiry, InquiryVector
from tests.support.office import KIM, Colleague, Office, draft

pytestmark = pytest.mark.asyncio

EVIL = "<script>alert(1)</script>"


async def test_a_case_shows_similar_ones_once_their_meaning_is_known(office: Office, anna: Colleague) -> None:
    own = office.inquiries.log(KIM).reference
    other = office.inquiries.log(draft("lee", language="de", message=f"Wasserstoff? {EVIL}")).reference
    assert other not in await anna.see(f"/staff/inquiries/{own}")
    with office.store.session() as session:
        for identifier in session.query(Inquiry.id):
            session.add(InquiryVector(inquiry_id=identifier[0], encoder="e", vector=bytes((100, 5, 1))))

    page = (await anna.get(f"/staff/inquiries/{own}")).text
    assert f'href="/staff/inquiries/{other}"' in page
    assert "Wasserstoff?" in page
    assert EVIL not in page
