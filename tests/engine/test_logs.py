"""What the engine logs holds no e-mail address and no telephone number."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.nlu.channel import GatewayChannel


@pytest.fixture
def masked() -> Iterator[None]:
    factory = logging.getLogRecordFactory()
    GatewayChannel("token")
    yield
    logging.captureWarnings(False)
    logging.setLogRecordFactory(factory)


@pytest.mark.usefixtures("masked")
def test_the_engine_masks_what_rasa_logs_once_its_channel_is_made() -> None:
    stream = io.StringIO()
    logger, handler = logging.getLogger("rasa.core.processor"), logging.StreamHandler(stream)
    logger.addHandler(handler)
    try:
        logger.error('{"text": "%s"}', "kim@example.org, 010-1234-5678")
    finally:
        logger.removeHandler(handler)
    assert stream.getvalue() == '{"text": "[e-mail], [phone]"}\n'
