"""A small real process for the supervisor's tests: answers GET on a port, until told otherwise.

`server.py PORT [crash | frozen | ignore-term | with-grandchild]`
"""

import http.server
import os
import signal
import subprocess
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers each GET with the number of this process and of what it started."""

    grandchild = 0

    def do_GET(self) -> None:
        body = f"{os.getpid()} {self.grandchild}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(port: int, ways: set[str]) -> None:
    if "crash" in ways:
        print("ERROR the stone is not in its setting", flush=True)
        sys.exit(3)
    if "frozen" in ways:
        signal.pause()
    if "ignore-term" in ways:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "with-grandchild" in ways:
        command = [sys.executable, "-c", "import signal; signal.pause()"]
        Answer.grandchild = subprocess.Popen(command).pid
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Answer).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), set(sys.argv[2:]))
