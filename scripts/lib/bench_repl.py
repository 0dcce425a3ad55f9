"""scripts/bench repl: the console in a pseudo-terminal, as a person meets it."""

import contextlib
import json
import os
import pty
import re
import select
import statistics
import sys
import tempfile
import time
import urllib.request

from bench_tools import MEBIBYTE, environment_in, simulator, table


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, command, environment):
        self.begun = time.perf_counter()
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, {**environment, "TERM": "xterm", "NO_COLOR": "1"})
        self.seen = b""

    def comes(self, text, limit):
        """Whether the text comes in time."""
        end = time.perf_counter() + limit
        while text not in self.seen:
            left = end - time.perf_counter()
            if left <= 0 or not select.select([self.descriptor], [], [], left)[0]:
                return False
            self.seen += os.read(self.descriptor, 65536)
        return True

    def wait(self, text, limit=30):
        """The seconds from now until the text comes."""
        begun = time.perf_counter()
        if not self.comes(text, limit):
            sys.exit(f"{text!r} did not come; the terminal shows {self.seen!r}")
        now = time.perf_counter()
        self.seen = self.seen[self.seen.index(text) + len(text):]
        return now - begun

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def resident(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) * 1024

    def close(self):
        with contextlib.suppress(OSError):
            os.write(self.descriptor, b"\x04")
        os.close(self.descriptor)
        os.waitpid(self.pid, 0)


def start(command, environment, prompt, runs):
    """Milliseconds to the prompt, and bytes that are resident then."""
    times, sizes = [], []
    for _ in range(runs):
        terminal = Terminal(command, environment)
        terminal.wait(prompt)
        times.append((time.perf_counter() - terminal.begun) * 1000)
        sizes.append(terminal.resident())
        terminal.close()
    return statistics.median(times), statistics.median(sizes)


def echo(command, environment, prompt, keys=200):
    """Milliseconds from a key to its echo."""
    terminal = Terminal(command, environment)
    terminal.wait(prompt)
    time.sleep(0.5)  # What goes on behind the prompt at the start is over.
    times = []
    for index in range(keys):
        key = "abcdefghij"[index % 10]
        terminal.type(key)
        times.append(terminal.wait(key.encode()) * 1000)
    terminal.type("\x15")
    terminal.close()
    return statistics.median(times)


def add_properties(server, count):
    """Properties of contacts beside those that a portal has."""
    inputs = [{"name": f"bench_{index:04d}", "label": f"Bench {index}", "type": "string", "fieldType": "text",
               "groupName": "contactinformation"} for index in range(count)]
    for begin in range(0, count, 100):
        request = urllib.request.Request(
            server.url + "/crm/properties/2026-09/contacts/batch/create", method="POST",
            data=json.dumps({"inputs": inputs[begin:begin + 100]}).encode(),
            headers={"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30):
            pass


def first_completion(binary, runs):
    """Milliseconds from the first Tab of a console to a property's name."""
    times = []
    with simulator(binary, "--limits", "unlimited") as server:
        add_properties(server, 1000)
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as folder:
                terminal = Terminal([binary], environment_in(folder, server))
                terminal.wait(b"> ")
                terminal.type("hubspot.contacts.create{ bench_099")
                terminal.wait(b"bench_099")
                time.sleep(1)  # A person has read the greeting.
                terminal.type("9")
                begun = time.perf_counter()
                # A Tab that finds nothing in time does nothing, and a person presses it again.
                terminal.type("\t")
                while not terminal.comes(b"= ", 0.1):
                    if time.perf_counter() - begun > 30:
                        sys.exit(f"no completion; the terminal shows {terminal.seen!r}")
                    terminal.type("\t")
                times.append((time.perf_counter() - begun) * 1000)
                terminal.type("\x15")
                terminal.close()
    return statistics.median(times)


def measure(binary, runs=20):
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_in(folder)
        command = [binary, "--simulator"]
        time_to_prompt, size = start(command, environment, b"> ", runs)
        ours = echo(command, environment, b"> ")
        lua = echo(["lua5.4", "-i"], environment, b"> ")
    table(f"the console, median of {runs} runs", [
        ("start to prompt", f"{time_to_prompt:.1f} ms   (aim: 20 ms)"),
        ("resident at the prompt", f"{size / MEBIBYTE:.1f} MiB   (aim: 15 MiB)"),
        ("first completion, 1,000 properties", f"{first_completion(binary, runs):.1f} ms   (aim: 30 ms)"),
        ("echo of a key", f"{ours:.2f} ms   (lua5.4 -i: {lua:.2f} ms)"),
    ])


MEASUREMENTS = {"repl": measure}
