"""`python -m tests.support.bot_api`: a Telegram of one's own at which to chat with the real assistant by hand."""

import argparse
import asyncio
import shutil
import signal
import sys
from pathlib import Path

from starlette.applications import Starlette

from tests.support.bot_api.demo import Demo
from tests.support.bot_api.pictures import take
from tests.support.bot_api.server import bot_api_app
from tests.support.bot_api.state import TOKEN, BotApi
from tests.support.local_server import LocalServer, free_port
from tests.support.running_assistant import RunningAssistant

PORT = 8090
FOLDER = Path("var/telegram-demo")
"""Database and logs of the demo's assistant; every start begins anew, as its Telegram has forgotten everything."""


async def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="of the page")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="take the documents' pictures, and end")
    arguments = parser.parse_args()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    api = BotApi()
    app = Starlette(routes=[*bot_api_app(api).routes, *Demo(api).routes()])
    async with LocalServer(app, port=arguments.port) as server:
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        assistant = RunningAssistant(
            FOLDER.resolve(),
            BOT_TELEGRAM_TOKEN=TOKEN,
            BOT_TELEGRAM_BASE_URL=f"{server.url}/bot",
            BOT_TELEGRAM_PORT=str(free_port()),
        )
        print("Starting the assistant ...", flush=True)
        try:
            await asyncio.to_thread(assistant.__enter__)
        except RuntimeError as error:
            sys.exit(f"telegram-demo: {error}")
        try:
            if arguments.pictures is not None:
                await take(server.url, arguments.pictures)
                return
            print(f"Chat at {server.url}/")
            print("Answer an inquiry as staff do, in another terminal:")
            print(f"  BOT_DATABASE_URL={assistant.environment['BOT_DATABASE_URL']} .venv/bin/bot inquiries list")
            print("  ... bot inquiries reply HE-...       Ctrl-C stops all.", flush=True)
            await stopping.wait()
        finally:
            await asyncio.to_thread(assistant.__exit__, None, None, None)


if __name__ == "__main__":
    asyncio.run(main())
