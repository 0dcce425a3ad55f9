"""What the measurements of scripts/bench have in common: processes that are measured, simulators, tables."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

MEBIBYTE = 1024 * 1024
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Run:
    """A process that has ended: wall and processor seconds, peak memory in bytes, status and output."""

    def __init__(self, command, environment, folder, status=(0,)):
        with open(os.path.join(folder, "stdout"), "wb") as out, open(os.path.join(folder, "stderr"), "wb") as err:
            begun = time.perf_counter()
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            _, result, usage = os.wait4(process.pid, 0)
            self.wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(result)
        self.status = process.returncode
        self.processor = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024
        with open(out.name, encoding="utf-8") as file:
            self.out = file.read()
        with open(err.name, encoding="utf-8") as file:
            self.err = file.read()
        if self.status not in status:
            sys.exit(f"{' '.join(command)}\nended with status {self.status}:\n{self.err[-2000:]}")


def environment_in(folder, server=None):
    """An environment with an empty home folder, and no credential but that of a simulator."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    environment = {**kept, "HOME": folder, "MOONSPOT_STATE": os.path.join(folder, "state")}
    if server:
        environment.update(HUBSPOT_ACCESS_TOKEN=server.token, HUBSPOT_BASE_URL=server.url)
    return environment


class Simulator:
    def __init__(self, process, url, token):
        self.process, self.url, self.token = process, url, token

    def stats(self):
        with urllib.request.urlopen(self.url + "/_simulator/stats", timeout=10) as answer:
            return json.load(answer)


@contextlib.contextmanager
def simulator(binary, *options):
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [binary, "simulator", "--port", "0", *options],
            env=environment_in(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            line = process.stdout.readline().decode()
            found = re.match(r"simulator ready (\S+) token (\S+)", line)
            if not found:
                sys.exit(f"the simulator did not start; its first line: {line!r}")
            yield Simulator(process, *found.groups())
        finally:
            process.terminate()
            process.wait()


def python_with(*packages):
    """A Python of its own that has these packages; None where PyPI is out of reach."""
    folder = os.path.join(ROOT, ".build", "bench-python")
    python = os.path.join(folder, "bin", "python")
    show = [python, "-m", "pip", "show", "--quiet", *packages]
    if os.path.exists(python) and subprocess.run(show, capture_output=True).returncode == 0:
        return python
    print(f"installing {', '.join(packages)} from PyPI ...", file=sys.stderr)
    for command in ([sys.executable, "-m", "venv", folder], [python, "-m", "pip", "install", "--quiet", *packages]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-300:]}", file=sys.stderr)
            return None
    return python


def table(title, rows):
    print(title)
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"    {name:<{width}}  {value}")
    print(flush=True)
