"""Kills a script with a checkpoint at seeded moments and counts what is lost and what is doubled: scripts/bench crash.

Alone: bench_crash.py BINARY [POINTS [SEED]]; ends with 1 where anything is lost or doubled.

A proxy stands between the script and the simulator. It counts the requests that write, so that a moment is the same each
time: the n-th of them, before or after it is carried out. There the script's process is killed (SIGKILL), or the connection
is reset, and the script is started again until it ends well.
"""

import collections
import http.client
import json
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

from bench_tools import environment_in, simulator, table

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench_crash.lua")
ITEMS = 4
# About as many requests that write as the script makes: some moments lie behind its end, and kill nothing.
MOMENTS = 20
MOST_STARTS = 12

Trouble = collections.namedtuple("Trouble", "moment kind")


class Proxy:
    """Passes requests on, one thread for each connection, and makes the trouble that a start is meant to meet."""

    def __init__(self, url):
        self.target = urllib.parse.urlsplit(url)
        self.lock = threading.Lock()
        self.begin([], None)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def begin(self, troubles, process):
        with self.lock:
            self.count, self.met = 0, []
            self.troubles = {trouble.moment: trouble.kind for trouble in troubles}
            self.process = process

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def trouble(self, method, path):
        """The trouble that this request meets."""
        if method == "GET" or path.endswith(("/search", "/batch/read")):
            return None
        with self.lock:
            self.count += 1
            kind = self.troubles.pop(self.count, None)
            if kind:
                self.met.append(kind)
            return kind

    def serve(self, connection):
        stream = connection.makefile("rb")
        try:
            while self.exchange(connection, stream):
                pass
        except (OSError, ValueError, http.client.HTTPException):
            pass  # One of the ends has gone.
        finally:
            connection.close()

    def exchange(self, connection, stream):
        line = stream.readline().split()
        if len(line) < 3:
            return False
        method, path = line[0].decode(), line[1].decode()
        headers = http.client.parse_headers(stream)
        body = stream.read(int(headers.get("content-length") or 0))
        kind = self.trouble(method, path)
        if kind in ("kill before", "reset before"):
            self.strike(kind, connection)
            return False
        upstream = http.client.HTTPConnection(self.target.hostname, self.target.port, timeout=60)
        upstream.request(method, path, body or None, {name: value for name, value in headers.items()
                                                      if name.lower() not in ("host", "connection", "content-length")})
        answer = upstream.getresponse()
        content = answer.read()
        if kind:
            self.strike(kind, connection)
            return False
        kept = [(name, value) for name, value in answer.getheaders()
                if name.lower() not in ("transfer-encoding", "content-length", "connection")]
        head = [f"HTTP/1.1 {answer.status} {answer.reason}"] + [f"{name}: {value}" for name, value in kept]
        if answer.status != 204:
            head.append(f"content-length: {len(content)}")
        upstream.close()
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode() + content)
        return True

    def strike(self, kind, connection):
        if kind.startswith("kill"):
            self.process().send_signal(signal.SIGKILL)
        else:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Portal:
    def __init__(self, server):
        self.server = server

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.server.url + path, method=method, data=body and json.dumps(body).encode(),
            headers={"authorization": "Bearer " + self.server.token, "content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def begin(self):
        """An empty portal with one company. Returns its id."""
        self.ask("POST", "/_simulator/reset")
        return self.ask("POST", "/crm/v3/objects/companies", {"properties": {"name": "Acme"}})["id"]

    def holds(self, company):
        """What there is, each as often as there is."""
        found = collections.Counter()
        page = self.ask("GET", "/crm/v3/objects/contacts?limit=100&properties=email,firstname,city")
        for contact in page["results"]:
            properties = contact["properties"]
            name = (properties.get("email") or "").removesuffix("@example.org")
            city = properties.get("city") or ""
            if name.startswith("keyed"):
                found["created " + name[5:]] += 1
                found["updated " + name[5:]] += city == "Rome" + name[5:]
            elif name.startswith("upserted"):
                found["upserted " + name[8:]] += city == "Oslo" + name[8:]
            elif (properties.get("firstname") or "").startswith("plain"):
                found["plain " + properties["firstname"][5:]] += 1
        links = self.ask("GET", f"/crm/v4/objects/companies/{company}/associations/contacts?limit=500")["results"]
        found["links"] = len(links)
        for submission in self.ask("GET", "/_simulator/submissions")["results"]:
            fields = {field["name"]: field["value"] for field in submission["fields"]}
            found["submitted " + fields["email"].removeprefix("submitted").removesuffix("@example.org")] += 1
        return found


EXPECTED = [f"{what} {item}" for what in ("created", "plain", "updated", "submitted", "upserted")
            for item in range(1, ITEMS + 1)]


def troubles(dice):
    """What one start meets: a kill, and resets at other moments."""
    moments = dice.sample(range(1, MOMENTS + 1), 3)
    found = [Trouble(moments[0], dice.choice(("kill before", "kill after")))]
    for moment in moments[1:]:
        if dice.random() < 0.4:
            found.append(Trouble(moment, dice.choice(("reset before", "reset after"))))
    return found


class Tally:
    def __init__(self):
        self.points = self.starts = self.lost = self.doubled = 0
        self.met = collections.Counter()
        self.unknown = collections.Counter()
        self.faults = []


def run_point(binary, server, proxy, dice, tally):
    portal = Portal(server)
    company = portal.begin()
    with tempfile.TemporaryDirectory() as folder:
        notes = os.path.join(folder, "unknown")
        environment = environment_in(folder, server)
        environment["HUBSPOT_BASE_URL"] = proxy.url
        command = [binary, "--limits", "unlimited", "--store", "memory", "--no-progress", SCRIPT, company, str(ITEMS), notes]
        for start in range(MOST_STARTS):
            meets = troubles(dice) if start == 0 or start < 4 and dice.random() < 0.3 else []
            holder = {}
            started = threading.Event()

            def process():
                started.wait()
                return holder["process"]

            proxy.begin(meets, process)
            holder["process"] = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            started.set()
            errors = holder["process"].communicate()[1].decode()
            tally.starts += 1
            tally.met.update(proxy.met)
            if holder["process"].returncode == 0:
                break
        else:
            tally.faults.append(f"point {tally.points}: it did not end well; at last: {errors[-400:]}")
        noted = open(notes, encoding="utf-8").read().split("\n")[:-1] if os.path.exists(notes) else []
    found = portal.holds(company)
    for name in EXPECTED:
        count = found[name]
        if name in noted:
            tally.unknown[("done" if count else "not done")] += 1
            count = 1 if count <= 1 else count
        tally.lost += count == 0
        tally.doubled += max(0, count - 1)
        if count != 1:
            tally.faults.append(f"point {tally.points}: {name}: {count} times")
    missing = ITEMS - found["links"]
    tally.lost += max(0, missing)
    if missing:
        tally.faults.append(f"point {tally.points}: {found['links']} links")
    tally.points += 1


def crash(binary, points=12, seed=14):
    dice = random.Random(seed)
    tally = Tally()
    with simulator(binary, "--contacts", "0", "--limits", "unlimited") as server:
        proxy = Proxy(server.url)
        while tally.points < points:
            run_point(binary, server, proxy, dice, tally)
    writes = points * (len(EXPECTED) + ITEMS)
    table(f"a script that is killed, {points:,} times, seed {seed}", [
        ("writes that it means to make", f"{writes:,}"),
        ("kills before a request was carried out", f"{tally.met['kill before']:,}"),
        ("kills after it was carried out", f"{tally.met['kill after']:,}"),
        ("connections reset before, and after", f"{tally.met['reset before']:,}, {tally.met['reset after']:,}"),
        ("starts of the script", f"{tally.starts:,}"),
        ("lost", f"{tally.lost}   (aim: 0)"),
        ("doubled", f"{tally.doubled}   (aim: 0)"),
        ("listed as unknown: carried out, not", f"{tally.unknown['done']:,}, {tally.unknown['not done']:,}"),
    ])
    for fault in tally.faults[:20]:
        print(fault, file=sys.stderr)
    return not tally.faults


def measure_crash(binary, points=1_000, seed=14):
    if not crash(binary, int(os.environ.get("MOONSPOT_BENCH_POINTS", points)), seed):
        sys.exit("a script with a checkpoint lost or doubled something")


MEASUREMENTS = {"crash": measure_crash}

if __name__ == "__main__":
    sys.exit(0 if crash(sys.argv[1], *[int(word) for word in sys.argv[2:4]]) else 1)
