"""How much of the quota moonspot uses, for scripts/lib/bench.py: `quota`, against the simulator on a real clock.

MOONSPOT_BENCH_QUOTA picks parts (upserts, updates, client, processes, decisions), MOONSPOT_BENCH_SCALE=0.1 does the first
two with a tenth of the records and of the quota."""

import contextlib
import csv
import math
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from bench_tools import Run, environment_in, python_with, simulator, table

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench")
SCALE = float(os.environ.get("MOONSPOT_BENCH_SCALE", "1"))

WINDOW = 10.0
LATENCY = (0.040, 0.120)
ROUND_TRIP = WINDOW + sum(LATENCY) / 2
LIMIT = max(1, round(190 * SCALE))


def limits(limit):
    return f"{limit}/10s,100000000/day"


def server_options(limit, contacts):
    return ("--limits", limits(limit), "--seed", "1", "--contacts", str(contacts),
            "--latency", f"{LATENCY[0] * 1000:.0f}ms..{LATENCY[1] * 1000:.0f}ms")


def least_time(requests, limit):
    """No client that cannot see the server's clock sends that many in less."""
    return (requests - 1) // limit * ROUND_TRIP


def program(binary, work, path, server, folder, *options):
    """Runs a part of quota.lua that has to do all its work."""
    command = [binary, *options, os.path.join(PROGRAMS, "quota.lua"), work, path]
    run = Run(command, environment_in(folder, server), folder)
    if run.out.strip() != "0":
        sys.exit(f"{' '.join(command)}\n{run.out.strip()} calls failed; the first:\n{run.err[-2000:]}")
    return run


class People:
    """The contacts that a simulator of a seed begins with: their ids and addresses."""

    def __init__(self, binary, count, folder):
        self.count = count
        path = os.path.join(folder, "addresses")
        with simulator(binary, "--limits", "unlimited", "--seed", "1", "--contacts", str(count)) as server:
            program(binary, "addresses", path, server, folder, "--limits", "unlimited", "--store", "memory")
        with open(path, newline="", encoding="utf-8") as file:
            self.rows = list(csv.reader(file))
        if len(self.rows) != count:
            sys.exit(f"the simulator began with {len(self.rows)} contacts instead of {count}")

    def write(self, path, rows):
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "email", "firstname", "lastname"])
            for number, (record, email) in enumerate(rows):
                writer.writerow([record, email, f"Ada {number}", "Lovelace"])


def paced(binary, work, people, rows, least_requests, *options):
    """Runs one program against a fresh simulator with the quota, and says how near it came to the bound."""
    with tempfile.TemporaryDirectory() as folder, simulator(binary, *server_options(LIMIT, people.count)) as server:
        path = os.path.join(folder, "people.csv")
        people.write(path, rows)
        run = program(binary, work, path, server, folder, "--limits", limits(LIMIT), *options)
        stats = server.stats()
    requests = stats["requests"]
    bound = least_time(requests, LIMIT)
    return (
        f"{bound / run.wall * 100:5.1f} % of the bound ({bound:.1f} s / {run.wall:.1f} s), {requests:,} requests "
        f"(full batches would be {least_requests:,}), {len(rows) / requests:.1f} records a request, "
        f"{stats['throttled']} throttled, processor {run.processor:.1f} s, {run.peak / 2**20:.0f} MiB")


def batches(*counts):
    return sum(math.ceil(count / 100) for count in counts)


def measure_upserts(binary, people, count):
    known = people.rows[:count // 2]
    strangers = [("", f"new.{number}@example.com") for number in range(count - len(known))]
    rows = [row for pair in zip(known, strangers) for row in pair]
    rows += strangers[len(known):]
    table(f"{count:,} upserts of contacts from a CSV in a task.each, every other one new, at {LIMIT}/10s   (aim: 95 %)", [
        ("plain", paced(binary, "upsert", people, rows, batches(count, len(known), len(strangers)))),
        ("whole = true", paced(binary, "whole", people, rows, batches(count))),
    ])


def measure_updates(binary, people, count):
    rows = people.rows[:count]
    table(f"{count:,} updates by id from a CSV in a task.each, at {LIMIT}/10s   (aim: 95 %)", [
        ("by itself", paced(binary, "update", people, rows, batches(count))),
    ])


def measure_client(binary, people, count=2000, threads=10):
    python = python_with("hubspot-api-client")
    rows = people.rows[:count]
    if len(rows) < count:
        sys.exit(f"{count} contacts are needed")
    lines = []
    for name in ("official client", "moonspot", "moonspot --no-batch"):
        if name == "official client" and python is None:
            lines.append((name, "could not be installed from PyPI"))
            continue
        with tempfile.TemporaryDirectory() as folder, simulator(binary, *server_options(190, people.count)) as server:
            path = os.path.join(folder, "people.csv")
            people.write(path, rows)
            if name == "official client":
                command = [python, os.path.join(PROGRAMS, "official_client.py"), server.url, server.token, path, str(threads)]
                seconds, _, failed = (float(word) for word in Run(command, environment_in(folder), folder).out.split())
            else:
                options = ("--no-batch",) if "--no-batch" in name else ()
                seconds = program(binary, "update", path, server, folder, "--limits", limits(190), *options).wall
                failed = 0
            stats = server.stats()
        lines.append((name, f"{seconds:6.1f} s, {stats['requests']:,} requests, {stats['throttled']} throttled, {failed:.0f} updates failed"))
    table(f"{count:,} updates by id at 190/10s; the client with {threads} threads and urllib3's retries", lines)


@contextlib.contextmanager
def redis_server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", "/tmp"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.01)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def share(binary, store, kills, rounds=6.5, count=4):
    """Several processes as fast as they can; with `kills`, one dies in the midst of sending."""
    seconds = rounds * ROUND_TRIP
    with tempfile.TemporaryDirectory() as folder, simulator(binary, *server_options(190, 10)) as server:
        path = os.path.join(folder, "addresses")
        program(binary, "addresses", path, server, folder, "--limits", limits(190), "--store", "memory")
        with open(path, encoding="utf-8") as file:
            record = file.readline().split(",")[0]
        time.sleep(WINDOW + 0.5)
        before = server.stats()["requests"]
        command = [binary, "--store", store, "--limits", limits(190), "--no-batch",
                   os.path.join(PROGRAMS, "quota.lua"), "read", record, str(int(seconds) + 60)]
        begun = time.perf_counter()
        processes = [
            subprocess.Popen(command, env=environment_in(folder, server), stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(count)]
        last, dead = before, False
        try:
            while (now := time.perf_counter() - begun) < seconds:
                requests = server.stats()["requests"]
                # Midway, while requests are under way.
                if kills and not dead and now > seconds / 3 and requests > last + 1:
                    processes[0].send_signal(signal.SIGKILL)
                    dead = True
                last = requests
                time.sleep(0.02)
            stats = server.stats()
            alive = sum(process.poll() is None for process in processes)
        finally:
            for process in processes:
                process.kill()
                process.wait()
    if alive != count - kills:
        sys.exit(f"{alive} of {count} processes were left")
    used, most = stats["requests"] - before, 190 * math.ceil(rounds)
    return f"{used / most * 100:5.1f} % of the bound ({used:,} of {most:,} requests in {seconds:.0f} s), {stats['throttled']} throttled"


def measure_processes(binary):
    with redis_server() as redis:
        table("four processes (where nothing else is said) with one token at 190/10s, each as fast as it can   (aim: 97 %, none throttled)", [
            ("file", share(binary, "file", 0)),
            ("file, one killed with -9", share(binary, "file", 1)),
            ("Redis", share(binary, redis, 0)),
            ("Redis, one killed with -9", share(binary, redis, 1)),
            ("Redis, eight processes, one killed with -9", share(binary, redis, 1, count=8)),
        ])


def measure_decisions(binary, count=500):
    """What the limiter says at the end about its store; 190 places are known most of the time."""
    lines = []
    with redis_server() as redis, tempfile.TemporaryDirectory() as folder:
        with simulator(binary, "--limits", "unlimited", "--contacts", str(count)) as server:
            path = os.path.join(folder, "addresses")
            program(binary, "addresses", path, server, folder, "--limits", "unlimited", "--store", "memory")
            with open(path, newline="", encoding="utf-8") as file:
                rows = list(csv.reader(file))
            People.write(None, os.path.join(folder, "people.csv"), rows)
            for name, store, aim in (("memory", "memory", "5 us"), ("file", "file", "200 us"), ("Redis", redis, "1 ms")):
                run = program(binary, "update", os.path.join(folder, "people.csv"), server, folder, "--limits", limits(190),
                              "--store", store, "--no-batch", "--concurrency", "2", "--log-level", "debug")
                found = re.search(r"the limiter's store took (.*)", run.err)
                lines.append((name, f"{found.group(1) if found else 'not told'}   (aim: {aim})"))
    table(f"a decision of the limiter's store, in {count:,} updates one by one at 190/10s", lines)


def measure_quota(binary):
    parts = os.environ.get("MOONSPOT_BENCH_QUOTA", "upserts,updates,client,processes,decisions").split(",")
    count = round(100_000 * SCALE)
    with tempfile.TemporaryDirectory() as folder:
        people = People(binary, max(count, 2000), folder) if {"upserts", "updates", "client"} & set(parts) else None
        for part in parts:
            match part:
                case "upserts": measure_upserts(binary, people, count)
                case "updates": measure_updates(binary, people, count)
                case "client": measure_client(binary, people)
                case "processes": measure_processes(binary)
                case "decisions": measure_decisions(binary)
                case _: sys.exit(f"MOONSPOT_BENCH_QUOTA: {part}: upserts, updates, client, processes or decisions expected")


MEASUREMENTS = {"quota": measure_quota}

if __name__ == "__main__":
    measure_quota(sys.argv[1])
