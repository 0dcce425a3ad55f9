"""The programs that the tests of the pages run against: moonspot's servers, and a portal that moonspot takes for a real one."""

import http.client
import http.server
import json
import os
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request

TOKEN = "pat-na1-5ec7e700-0000-4000-8000-000000000444"
PORTAL = 20000001
CONTACT_US = "11111111-1111-4111-8111-111111111111"
NEWSLETTER = "22222222-2222-4222-8222-222222222222"
GUARDED = "33333333-3333-4333-8333-333333333333"
EVERY_FIELD = "44444444-4444-4444-8444-444444444444"


class Moonspot:
    """moonspot as a child process with a home of its own; `line` is the first that it prints."""

    def __init__(self, *arguments, environment=None, stderr=None):
        self.home = tempfile.TemporaryDirectory()
        names = ("PATH", "LANG", "TMPDIR")
        inherited = {name: os.environ[name] for name in names if name in os.environ}
        self.process = subprocess.Popen(
            [os.environ["MOONSPOT"], *arguments],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**inherited, "HOME": self.home.name, **(environment or {})},
        )
        self.line = self.process.stdout.readline().rstrip("\n")

    def stop(self):
        self.process.terminate()
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        if self.process.stderr:
            # What it has said while it ran.
            self.words = self.process.stderr.read()
            self.process.stderr.close()
        self.home.cleanup()
        return status


def moonspot(*arguments, environment=None):
    """A command that ends by itself: (status, standard output, standard error)."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [os.environ["MOONSPOT"], *arguments], text=True, capture_output=True, timeout=60,
            env={"PATH": os.environ["PATH"], "HOME": home, **(environment or {})})
    return done.returncode, done.stdout, done.stderr


class Simulator(Moonspot):
    def __init__(self, *arguments):
        super().__init__("simulator", "--token", TOKEN, "--tier", "unlimited", *arguments)
        self.url = self.line.split()[2]

    def make_form(self, definition):
        """Its id."""
        return api(self.url, "POST", "/marketing/v3/forms", definition)["id"]

    def submissions(self):
        return api(self.url, "GET", "/_simulator/submissions")["results"]


class Workbench(Moonspot):
    def __init__(self, *arguments, **more):
        super().__init__("forms", "serve", *arguments, **more)
        self.url = self.line.removeprefix("workbench ready ")

    @property
    def host(self):
        return self.url.split("/")[2]

    @property
    def key(self):
        return self.url.split("/")[3]


def api(url, method, path, body=None):
    request = urllib.request.Request(
        url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def ask(host, method, path, headers=None, body=None):
    """Any request, with any `Host`: (status, headers, body)."""
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": host, **(headers or {})}.items():
            connection.putheader(name, value)
        content = (body or "").encode()
        if body is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content or None)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


class Portal:
    """Passes requests on to a simulator. It has another port than the simulator tells, so moonspot takes it for a real
    portal. `posted` holds the paths of the submissions that have come through."""

    def __init__(self, simulator):
        self.posted = []
        portal = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def carry(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else None
                if self.path.startswith("/submissions/"):
                    portal.posted.append(self.path)
                kept = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "connection", "accept-encoding")}
                request = urllib.request.Request(simulator.url + self.path, method=self.command, data=body, headers=kept)
                try:
                    answer = urllib.request.urlopen(request, timeout=20)
                except urllib.error.HTTPError as error:
                    answer = error
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = carry

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
