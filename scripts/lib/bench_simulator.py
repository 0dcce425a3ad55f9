"""`scripts/bench simulator` for scripts/lib/bench.py: the simulator with a million contacts in a file, over HTTP on loopback.

Run by itself with the path of the binary, and optionally the number of contacts and names of requests."""

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

CONTACTS = 1_000_000
FIRST_ID = 501
OBJECTS = "/crm/objects/2026-09/contacts"


class Server:
    """A simulator that has been started: how long that took, and what it needs."""

    def __init__(self, binary, *options):
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [binary, "simulator", "--port", "0", "--limits", "unlimited", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline().decode()
        self.start = time.perf_counter() - begun
        found = re.match(r"simulator ready http://([^:]+):(\d+) token (\S+)", line)
        if not found:
            sys.exit(f"the simulator did not start; its first line: {line!r}")
        self.host, self.port, self.token = found[1], int(found[2]), found[3]

    def memory(self, name="VmHWM"):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return int(re.search(rf"{name}:\s+(\d+) kB", file.read())[1]) * 1024

    def processor(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


@contextlib.contextmanager
def running(binary, *options):
    server = Server(binary, *options)
    try:
        yield server
    finally:
        server.stop()


class Client:
    """One connection that is kept. A bare socket: http.client itself takes longer than the simulator."""

    def __init__(self, server):
        self.socket = socket.create_connection((server.host, server.port), timeout=300)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"Host: {server.host}\r\nAuthorization: Bearer {server.token}\r\nContent-Type: application/json\r\n"

    def send(self, method, path, body=None):
        """Milliseconds until the last byte, and the answer's body."""
        data = b"" if body is None else json.dumps(body).encode()
        path = urllib.parse.quote(path, safe="/?=&,@")
        message = f"{method} {path} HTTP/1.1\r\n{self.head}Content-Length: {len(data)}\r\n\r\n".encode() + data
        begun = time.perf_counter()
        self.socket.sendall(message)
        text = self.socket.recv(1 << 20)
        while (end := text.find(b"\r\n\r\n")) < 0:
            text += self.socket.recv(1 << 20)
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", text[:end])
        left = int(length[1]) - (len(text) - end - 4) if length else 0
        parts = [text[end + 4:]]
        while left > 0:
            parts.append(self.socket.recv(1 << 20))
            left -= len(parts[-1])
        took = (time.perf_counter() - begun) * 1000
        if text[9:12] not in (b"200", b"201", b"204"):
            sys.exit(f"{method} {path} was answered with {text[:1000]!r}")
        return took, b"".join(parts)

    def json(self, method, path, body=None):
        return json.loads(self.send(method, path, body)[1])


def filters(*conditions, **more):
    """The body of a search; a condition is a property, an operator and a value or values."""
    rows = []
    for name, operator, *value in conditions:
        row = {"propertyName": name, "operator": operator}
        if value:
            row["values" if isinstance(value[0], list) else "value"] = value[0]
        rows.append(row)
    return {"filterGroups": [{"filters": rows}] if rows else [], "limit": 100, **more}


def emails(client, count, dice):
    """Addresses from all over the portal."""
    ids = [str(FIRST_ID + number) for number in dice.sample(range(count), 100)]
    answer = client.json("POST", OBJECTS + "/batch/read", {"inputs": [{"id": id} for id in ids], "properties": ["email"]})
    return [record["properties"]["email"] for record in answer["results"]]


def requests(client, count):
    """Name, aim in ms at p50 (None: none is set), how many, and what makes the nth request."""
    dice = random.Random(5)
    addresses = emails(client, count, dice)
    id = lambda: FIRST_ID + dice.randrange(count)
    words = ["ada", "müll", "lovelace", "example", "grace hopper", "ada@", "berlin", "zzz"]
    search = lambda body: ("POST", OBJECTS + "/search", body)
    stamp = int(time.time())
    made = iter(range(10**9))

    def new():
        number = next(made)
        return {"email": f"bench.{stamp}.{number}@example.org", "firstname": "Bench", "lastname": f"Mark {number}"}

    return [
        ("get by id", 1, 1000, lambda n: ("GET", f"{OBJECTS}/{id()}", None)),
        ("get by email", 1, 1000, lambda n: ("GET", f"{OBJECTS}/{dice.choice(addresses)}?idProperty=email", None)),
        ("page of 100, from anywhere", 5, 300, lambda n: ("GET", f"{OBJECTS}?limit=100&after={id()}", None)),
        ("page of 100, ten properties", 5, 300, lambda n: (
            "GET", f"{OBJECTS}?limit=100&after={id()}&properties=email,firstname,lastname,phone,company,jobtitle,city,"
            "country,lifecyclestage,createdate", None)),
        ("batch read of 100", 5, 200, lambda n: ("POST", OBJECTS + "/batch/read", {
            "inputs": [{"id": str(FIRST_ID + number)} for number in dice.sample(range(count), 100)], "properties": ["email", "firstname"]})),
        ("batch read of 100 by email", 5, 200, lambda n: ("POST", OBJECTS + "/batch/read", {
            "inputs": [{"id": address} for address in addresses], "idProperty": "email", "properties": ["firstname"]})),
        ("search: email EQ", 20, 300, lambda n: search(filters(("email", "EQ", dice.choice(addresses))))),
        ("search: email IN 50", 20, 100, lambda n: search(filters(("email", "IN", addresses[:50]), limit=100))),
        ("search: everything, newest first", 20, 50, lambda n: search(filters(sorts=["-createdate"]))),
        ("search: lifecyclestage EQ", 20, 50, lambda n: search(filters(("lifecyclestage", "EQ", "customer")))),
        ("search: createdate, a month", 20, 50, lambda n: search(filters(
            ("createdate", "GTE", str(1735689600000 + n * 86400000)), ("createdate", "LT", str(1738281600000 + n * 86400000))))),
        ("search: lastmodifieddate GTE", 20, 50, lambda n: search(filters(
            ("lastmodifieddate", "GTE", str(1793000000000 - n * 3600000)), sorts=["lastmodifieddate"]))),
        ("search: hs_object_id window", 20, 50, lambda n: search(filters(
            ("hs_object_id", "GT", str(id())), sorts=["hs_object_id"], limit=200))),
        ("search: offset 9,900", 20, 50, lambda n: search(filters(("lifecyclestage", "EQ", "lead"), after="9900"))),
        ("search: firstname EQ", None, 20, lambda n: search(filters(("firstname", "EQ", ["ada", "zoë", "john"][n % 3])))),
        ("search: city EQ and stage", None, 20, lambda n: search(filters(("city", "EQ", "london"), ("lifecyclestage", "EQ", "customer")))),
        ("search: score GT, sorted", None, 10, lambda n: search(filters(("score", "GT", str(990 - n)), sorts=["-score"]))),
        ("search: email CONTAINS_TOKEN", None, 5, lambda n: search(filters(("email", "CONTAINS_TOKEN", f"*.{id()}@*")))),
        ("search: query", None, 24, lambda n: search(filters(query=words[n % len(words)]))),
        ("create", None, 300, lambda n: ("POST", OBJECTS, {"properties": new()})),
        ("update", None, 300, lambda n: ("PATCH", f"{OBJECTS}/{id()}", {"properties": {"city": f"Town {n}"}})),
        ("batch create of 100", None, 30, lambda n: ("POST", OBJECTS + "/batch/create", {"inputs": [{"properties": new()} for _ in range(100)]})),
        ("search after a write", None, 20, lambda n: (
            ("PATCH", f"{OBJECTS}/{id()}", {"properties": {"city": "Oslo"}}) if n % 2 == 0
            else search(filters(("lifecyclestage", "EQ", "customer"))))),
    ]


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure_requests(server, count, wanted):
    client = Client(server)
    print(f"    {'':<34}      p50       p99    (milliseconds, one connection that is kept)")
    for name, aim, times, make in requests(client, count):
        if wanted and name not in wanted:
            continue
        client.send(*make(0))
        took = [client.send(*make(n))[0] for n in range(times)]
        note = f"   (aim: under {aim})" if aim else ""
        print(f"    {name:<34} {percentile(took, 0.5):8.2f}  {percentile(took, 0.99):8.2f}{note}", flush=True)


LOAD = """
import http.client, random, sys, time
host, port, token, count, until = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
c = http.client.HTTPConnection(host, port); h = {"Authorization": "Bearer " + token}; n = 0
while time.time() < until:
    c.request("GET", "/crm/objects/2026-09/contacts/%d" % (501 + random.randrange(count)), headers=h)
    c.getresponse().read(); n += 1
print(n)
"""


def measure_load(server, count, connections=8, seconds=5):
    """Reads by id over several connections, each from a process of its own."""
    before = server.processor()
    until = str(time.time() + seconds + 0.5)
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", LOAD, server.host, str(server.port), server.token, str(count), until],
            stdout=subprocess.PIPE) for _ in range(connections)]
    total = sum(int(process.communicate()[0]) for process in clients)
    used = server.processor() - before
    print(f"    {connections} connections{'':<20} {total / seconds:8,.0f} reads by id a second; {used / total * 1e6:.0f} us of the simulator's processor time each")


def measure_simulator(binary, count=CONTACTS, wanted=()):
    """Making up the contacts, the start on the file, and what single requests cost."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.environ.get("MOONSPOT_BENCH_DB") or os.path.join(folder, "portal.sqlite")
        print(f"simulator, {count:,} contacts in a file")
        if not os.path.exists(path):
            with running(binary, "--contacts", str(count), "--seed", "1", "--db", path) as server:
                print(f"    made up in {server.start:.1f} s, peak memory {server.memory() / 2**20:.0f} MiB   (aim: two minutes)")
            print(f"    the file: {os.path.getsize(path) / 2**20:.0f} MiB")
        starts = []
        for _ in range(3):
            with running(binary, "--db", path) as server:
                starts.append(server.start)
        print(f"    start with the file there: {sorted(starts)[1] * 1000:.0f} ms   (aim: under 1000)", flush=True)
        with running(binary, "--db", path) as server:
            measure_requests(server, count, wanted)
            measure_load(server, count)
            print(f"    peak memory {server.memory() / 2**20:.0f} MiB\n", flush=True)


MEASUREMENTS = {"simulator": measure_simulator}

if __name__ == "__main__":
    measure_simulator(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else CONTACTS, set(sys.argv[3:]))
