"""`python -m bot.training <number>`: do one training that the console has started."""

import sys
from pathlib import Path

from bot.privacy.logs import set_up_logging
from bot.settings import load_settings
from bot.store import Store
from bot.training.work import work


def main() -> None:
    """Do the training whose number is the only argument."""
    settings = load_settings()
    set_up_logging(settings.log_level)
    store = Store(settings.database_url)
    try:
        work(store, Path(), int(sys.argv[1]))
    finally:
        store.close()


if __name__ == "__main__":
    main()
