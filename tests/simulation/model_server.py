"""The model behind a socket, in a process of its own, so that what it costs is not taken for the terminal's.

`model_server.py PRODUCTS SLOTS SEATS` says its port, then serves until its input ends.
"""

import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.simulation.big_catalogue import big
from tests.simulation.pretix_model import PretixModel


class Handler(BaseHTTPRequestHandler):
    """Give the model each request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    model: PretixModel
    lock = threading.Lock()

    def do_GET(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        request = httpx.Request(
            self.command, f"http://model{self.path}", headers=dict(self.headers), content=self.rfile.read(size)
        )
        with self.lock:
            answer = self.model.handle(request)
        self.send_response_only(answer.status_code)
        for name, value in answer.headers.items():
            self.send_header(name, value) if name != "content-length" else None
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_POST = do_DELETE = do_PATCH = do_GET  # noqa: N815 - names of the library

    def log_message(self, *_: object) -> None:
        return


def main() -> None:
    products, slots, seats = map(int, sys.argv[1:4])
    Handler.model = PretixModel(
        big(datetime.now(UTC), products=products, slots=slots, seats=seats), lambda: datetime.now(UTC)
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201 - what the test listens to
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
