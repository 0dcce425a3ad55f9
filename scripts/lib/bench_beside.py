"""scripts/bench --beside: moonspot beside lua5.4, lua-cjson, Python and HubSpot's own client, in turns on one machine.

Absolute times are the machine's; the ratios are what is worth comparing. Where a peer cannot be installed its column says
so. MOONSPOT_BENCH_SCALE=0.1 reads a tenth of the records."""

import os
import statistics
import subprocess
import sys
import tempfile

import bench_repl
from bench_calls import first_id
from bench_lua import measured_json, measured_programs
from bench_tools import MEBIBYTE, Run, environment_in, python_with, simulator

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "bench")
EXPORT = os.path.join(os.path.dirname(HERE), "automation", "export.lua")
SCALE = float(os.environ.get("MOONSPOT_BENCH_SCALE", "1"))


class Comparison:
    """A thing that is measured: ours, and what the peers need for the same. Less is better."""

    def __init__(self, what, ours, peers, show, aim=""):
        self.what, self.ours, self.peers, self.show, self.aim = what, ours, peers, show, aim

    def beside(self):
        """Each peer with its figure, and how many times that ours is."""
        return [(name, self.show(value), f"{self.ours / value:.2f}") for name, value in self.peers.items()]


def milliseconds(digits):
    return lambda seconds: f"{seconds * 1000:.{digits}f} ms"


def microseconds(seconds):
    return f"{seconds * 1e6:,.0f} µs"


def mebibytes(size):
    return f"{size / MEBIBYTE:.1f} MiB"


def in_turns(commands, turns, measure):
    """For each name, what `measure` says of its runs: turn by turn, so that a disturbance hits all alike."""
    found = {name: [] for name in commands}
    for _ in range(turns):
        for name, run in commands.items():
            found[name].append(measure(run()))
    return found


def medians(found):
    return {name: statistics.median(values) for name, values in found.items()}


class Peers:
    """moonspot and the programs that stand beside it."""

    def __init__(self, binary):
        self.binary = binary
        self.python = python_with("hubspot-api-client", "requests")

    def commands(self, work, server, *names):
        """By name, a function of a count and a file to a command."""
        made = {}
        if work == "get":
            record = first_id(self.binary, server)
            for store in ("memory", "file"):
                made[f"moonspot, {store}"] = lambda count, path, store=store: [
                    self.binary, "--limits", "unlimited", "--store", store, os.path.join(PROGRAMS, "get.lua"), record, str(count)]
        else:
            made["moonspot"] = lambda count, path: [
                self.binary, "--limits", "unlimited", "--store", "memory", EXPORT, "contacts", "--output", path]
        for name in names:
            if name == "raw" or self.python:
                made[name] = lambda count, path, name=name: [
                    self.python or sys.executable, os.path.join(PROGRAMS, "beside.py"), name, work, server.url, server.token,
                    str(count), path]
        return made


NAMES = {"raw": "Python's http.client and json", "requests": "Python requests", "official": "HubSpot's Python client"}


def work(server, count, command):
    """Runs one command of a work to its end, in an empty home folder."""
    with tempfile.TemporaryDirectory() as folder:
        return Run(command(count, os.path.join(folder, "out.csv")), environment_in(folder, server), folder)


def compare_start(peers, turns=30):
    def run(command):
        def begin():
            with tempfile.TemporaryDirectory() as folder:
                return Run(command, environment_in(folder), folder)
        return begin

    commands = {"moonspot": run([peers.binary, "-e", "return 1"]), "lua5.4": run(["lua5.4", "-e", "return 1"])}
    if peers.python:
        commands[NAMES["official"]] = run([peers.python, "-c", "from hubspot import HubSpot; HubSpot(access_token='none')"])
    in_turns(commands, 2, lambda run: run.wall)  # The first few warm the page cache.
    found = medians(in_turns(commands, turns, lambda run: run.wall))
    yield Comparison("start-up", found.pop("moonspot"), found, milliseconds(1))


def compare_lua(peers):
    programs = measured_programs(peers.binary)
    ours = statistics.geometric_mean(ours for ours, _ in programs.values())
    theirs = statistics.geometric_mean(theirs for _, theirs in programs.values())
    yield Comparison(f"plain Lua, {len(programs)} programs (geometric mean)", ours, {"lua5.4": theirs}, milliseconds(0), "1.02")


def compare_json(peers):
    for name, (ours, theirs, _) in measured_json(peers.binary).items():
        yield Comparison(f"json.{name} of a page of contacts", ours, {"lua-cjson": theirs}, microseconds,
                         "0.6" if name == "encode" else "")


def compare_get(peers, turns=5):
    count = max(100, round(3000 * SCALE))
    with simulator(peers.binary, "--limits", "unlimited", "--seed", "1", "--contacts", "500") as server:
        commands = peers.commands("get", server, "raw", "requests", "official")
        # What the start and the first page take is no call's.
        runs = {(name, number): lambda command=command, number=number: work(server, number, command)
                for name, command in commands.items() for number in (1, count)}
        found = medians(in_turns(runs, turns, lambda run: run.processor))
    calls = {name: (found[name, count] - found[name, 1]) / (count - 1) for name in commands}
    beside = {NAMES[name]: calls[name] for name in NAMES if name in calls}
    for store in ("memory", "file"):
        yield Comparison(f"one `get` after the other, processor time of a call, {store} store", calls[f"moonspot, {store}"],
                         beside, microseconds, "150 µs")


def compare_export(peers, turns=3):
    contacts = max(1000, round(100_000 * SCALE))
    found, peaks = {}, {}
    for count in (0, contacts):
        with simulator(peers.binary, "--limits", "unlimited", "--seed", "1", "--contacts", str(count)) as server:
            commands = peers.commands("export", server, "raw", "official")
            runs = {name: lambda command=command: work(server, count, command) for name, command in commands.items()}
            both = in_turns(runs, turns, lambda run: (run.processor, run.peak))
        found[count] = {name: statistics.median(processor for processor, _ in values) for name, values in both.items()}
        peaks[count] = {name: max(peak for _, peak in values) for name, values in both.items()}
    pages = contacts / 100
    processor = {name: (found[contacts][name] - found[0][name]) / pages for name in commands}
    shown = lambda values: {NAMES[name]: values[name] for name in NAMES if name in values}
    yield Comparison(f"export of {contacts:,} contacts to CSV, processor time of a page of 100", processor["moonspot"],
                     shown(processor), milliseconds(2), "0.30 ms")
    yield Comparison("the same, peak memory", peaks[contacts]["moonspot"], shown(peaks[contacts]), mebibytes, "24 MiB")


def compare_prompt(peers, runs=10):
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_in(folder)
        ours_time, ours = bench_repl.start([peers.binary, "--simulator"], environment, b"> ", runs)
        lua_time, lua = bench_repl.start(["lua5.4", "-i"], environment, b"> ", runs)
    yield Comparison("start to the prompt", ours_time / 1000, {"lua5.4 -i": lua_time / 1000}, milliseconds(1))
    yield Comparison("memory at the prompt", ours, {"lua5.4 -i": lua}, mebibytes, "12 MiB")


COMPARISONS = {"start": compare_start, "prompt": compare_prompt, "lua": compare_lua, "json": compare_json,
               "get": compare_get, "export": compare_export}


def binary_sizes(binary):
    """The bytes of the program without its symbols, and of that compressed as a package is."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = os.path.join(folder, "moonspot")
        subprocess.run(["strip", "-o", stripped, binary], check=True)
        subprocess.run(["xz", "--keep", "--threads=2", stripped], check=True)
        return os.path.getsize(stripped), os.path.getsize(stripped + ".xz")


def rows(comparisons):
    for comparison in comparisons:
        for name, value, ratio in comparison.beside():
            yield comparison.what, comparison.show(comparison.ours), name, value, ratio, comparison.aim


def as_text(comparisons):
    lines = [("", "moonspot", "beside", "", "times", "aim"), *rows(comparisons)]
    widths = [max(len(line[place]) for line in lines) for place in range(6)]
    last = None
    for line in lines:
        what = "" if line[0] == last else line[0]
        last = line[0]
        yield "  ".join(cell.ljust(width) for cell, width in zip((what, *line[1:]), widths)).rstrip()


def as_markdown(comparisons):
    yield "| Measured | moonspot | beside | ratio |"
    yield "|---|---|---|---|"
    for comparison in comparisons:
        beside = comparison.beside()
        yield "| {} | {} | {} | {} |".format(
            comparison.what, comparison.show(comparison.ours),
            "<br>".join(f"{name} {value}" for name, value, _ in beside), "<br>".join(ratio for _, _, ratio in beside))


BEGIN, END = "<!-- scripts/bench --beside --readme: begin -->", "<!-- scripts/bench --beside --readme: end -->"


def write_readme(path, lines):
    """Puts the lines between README's two marks, which stay."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        sys.exit(f"{path}: the marks for the table are missing")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([before + mark, "", *lines, "", end + after]))


def main(binary, arguments):
    readme = "--readme" in arguments
    wanted = [name for name in arguments if name != "--readme"]
    for name in wanted:
        if name not in COMPARISONS:
            print(f"scripts/bench --beside: {name}: one of {', '.join(COMPARISONS)} expected", file=sys.stderr)
            sys.exit(2)
    if readme and wanted:
        print("scripts/bench --beside: --readme writes the whole table: give no names with it", file=sys.stderr)
        sys.exit(2)
    peers = Peers(binary)
    comparisons = []
    for name in wanted or COMPARISONS:
        print(f"measuring {name} ...", file=sys.stderr)
        comparisons += COMPARISONS[name](peers)
    print("\n".join(as_text(comparisons)), flush=True)
    lines = list(as_markdown(comparisons))
    if not wanted:
        stripped, compressed = binary_sizes(binary)
        size = f"The program without its symbols has {stripped / 1e6:.0f} MB, compressed as in a package {compressed / 1e6:.0f} MB."
        print("\n" + size)
        lines += ["", size]
    if readme:
        write_readme(os.path.join(os.path.dirname(os.path.dirname(HERE)), "README.md"), lines)
