"""From the e-mail to staff over the console to the asker, with every real part."""

import re
from html import unescape

import httpx

from bot.knowledge import Language
from tests.conftest import STAFF_ADDRESS
from tests.e2e.test_staff import KOREAN, followed, log
from tests.support.mail_box import MailBox
from tests.support.office import PASSWORD, TOKEN
from tests.support.running_assistant import RunningAssistant
from tests.support.visitor import Visitor

FIELD = re.compile(r'<input type="hidden" name="(version|key)" value="(\w+)">')


def form_token(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None
    return found[1]


def test_the_link_in_the_email_leads_to_a_case_that_is_answered_in_the_console(
    assistant: RunningAssistant, http: httpx.Client, mail: MailBox, email: str
) -> None:
    made = assistant.run("staff", "add", "petra", "--role", "agent", "--language", "de", text=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    visitor = Visitor.start(http, Language.KOREAN)
    reference = log(visitor, KOREAN, email)
    path = f"/staff/inquiries/{reference}"

    def told() -> bool:
        return any(path in notice.message.get_content() for notice in mail.to(STAFF_ADDRESS))

    assistant.wait_until(told, "staff have the link")
    with assistant.client() as browser:
        refused = browser.get(path)
        assert refused.status_code == 303
        page = browser.get(refused.headers["location"]).text
        fields = {"form_token": form_token(page), "name": "petra", "password": PASSWORD, "next": path}
        signed_in = browser.post("/staff/sign-in", data=fields)
        assert signed_in.headers["location"] == path
        case = unescape(browser.get(path).text)
        assert KOREAN.message in case
        assert "Wasserstoff" in case
        reply = {"form_token": form_token(case), "text": KOREAN.reply, "then": "answered", **dict(FIELD.findall(case))}
        with followed(assistant, visitor) as stream:
            sent = browser.post(f"{path}/reply", data=reply)
            assert sent.status_code == 303, sent.text
            assistant.wait_until(lambda: bool(stream.of_staff()), "the reply is in the event stream")
    assert KOREAN.reply in stream.of_staff()[0]
    assert KOREAN.reply.splitlines()[0] in mail.wait_for(email, 2)[-1].message.get_content()
