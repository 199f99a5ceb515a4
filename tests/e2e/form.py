"""The inquiry form in English, filled in step by step; tests stop where they want to."""

from tests.support.visitor import Message, Visitor

MESSAGE = "We are looking for partners for a hydrogen pilot plant in Hessen. We have funding of our own."
NAME = "Jane Doe"


def open_form(visitor: Visitor) -> Message:
    """Up to the question for the name; a topic that was talked about before is not asked."""
    if visitor.say("I would like to log an inquiry")["asks"] == "topic":
        visitor.press("Funding")
    asked = visitor.say(MESSAGE)
    assert asked["asks"] == "name", asked["text"]
    return asked


def fill_after_name(visitor: Visitor, email: str) -> Message:
    """From the question for the company to the summary."""
    visitor.press("No company")
    visitor.say(email)
    visitor.press("South Korea")
    asked = visitor.press("I agree")
    assert asked["asks"] == "confirm", asked["text"]
    return asked


def fill(visitor: Visitor, email: str) -> Message:
    """The whole form up to the summary."""
    open_form(visitor)
    visitor.say(NAME)
    return fill_after_name(visitor, email)
