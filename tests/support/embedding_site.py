"""A website of somebody else, on an origin of its own, that embeds the widget."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

EMBEDDING_PATH = "/embed-test"


class EmbeddingSite:
    """Serves one page at `/embed-test`, which tests set, as long as the block lasts."""

    def __init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.path == EMBEDDING_PATH
                body = site.html.encode() if known else b""
                self.send_response(200 if known else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if site.policy:
                    self.send_header("Content-Security-Policy", site.policy)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.html = ""
        self.policy = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Another host than the assistant's, which makes it another site, too.
        self.origin = f"http://localhost:{self._server.server_port}"
        self.url = f"{self.origin}{EMBEDDING_PATH}"

    def serve(self, body: str, *, head: str = "", language: str = "de", policy: str = "") -> None:
        """Make this the page."""
        self.html = (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Startseite</title>'
            '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
            f"{head}</head><body>{body}</body></html>"
        )
        self.policy = policy

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
