"""The cost of calls, for scripts/lib/bench.py: `get` (one call after the other) and `growth` (more pages, more waiting tasks,
larger windows). All in processor time of the client's process alone, with the simulator in another."""

import os
import statistics
import sys
import tempfile

from bench_tools import MEBIBYTE, Run, environment_in, simulator, table

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench")
AUTOMATION = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "automation")


def program(binary, name, server, *arguments, options=()):
    """A program of the folder that has to end well, with an empty home folder."""
    with tempfile.TemporaryDirectory() as folder:
        limits = () if "--limits" in options else ("--limits", "unlimited")
        command = [binary, *limits, *options, os.path.join(PROGRAMS, name), *map(str, arguments)]
        return Run(command, environment_in(folder, server), folder)


def first_id(binary, server):
    with tempfile.TemporaryDirectory() as folder:
        code = "return hubspot.contacts.list{ limit = 1 }.results[1].id"
        command = [binary, "--limits", "unlimited", "--store", "memory", "-e", code]
        return Run(command, environment_in(folder, server), folder).out.strip()


def one_call(binary, server, record, options, few=200, many=3200):
    """Processor seconds of one call among many, start-up taken off."""
    runs = [program(binary, "get.lua", server, record, count, options=options) for count in (few, many)]
    return (runs[1].processor - runs[0].processor) / (many - few), (runs[1].wall - runs[0].wall) / (many - few)


def measure_get(binary, turns=5):
    stores = {"memory": ("--store", "memory"), "file": ("--store", "file")}
    costs = {store: [] for store in stores}
    with simulator(binary, "--limits", "unlimited", "--seed", "1", "--contacts", "100") as server:
        record = first_id(binary, server)
        for _ in range(turns):
            for store, options in stores.items():  # Turn by turn, so that a disturbance hits all alike.
                costs[store].append(one_call(binary, server, record, options))
    rows = []
    for store, found in costs.items():
        processor, wall = (statistics.median(values) for values in zip(*found))
        rows.append((f"{store} store", f"{processor * 1e6:.0f} us   (aim: 150 us; {wall * 1e6:.0f} us on the clock)"))
    table(f"one get after the other, processor time a call, median of {turns}", rows)


def export_growth(binary, sizes, turns=3):
    """Time for a page and peak memory of exports of any size."""
    rows = []
    for size in (0, *sizes):
        with simulator(binary, "--limits", "unlimited", "--seed", "1", "--contacts", str(size)) as server:
            runs = []
            for _ in range(turns):
                with tempfile.TemporaryDirectory() as folder:
                    command = [
                        binary, "--limits", "unlimited", "--store", "memory",
                        os.path.join(AUTOMATION, "export.lua"), "contacts", "--output", os.path.join(folder, "out.csv")]
                    runs.append(Run(command, environment_in(folder, server), folder))
        processor = statistics.median(run.processor for run in runs)
        if size == 0:
            base = processor
            continue
        peak = max(run.peak for run in runs)
        rows.append((f"{size:,} records", f"{(processor - base) / size * 1e5:.3f} ms a page of 100, peak {peak / MEBIBYTE:.0f} MiB"))
    table("export, memory store", rows)


def task_growth(binary, turns=3):
    """Calls of tasks that wait at once."""
    rows = []
    with simulator(binary, "--limits", "unlimited", "--seed", "1", "--contacts", "100") as server:
        record = first_id(binary, server)
        for count, repeats in ((10, 1000), (1000, 10), (100_000, 1)):
            found = [
                float(program(binary, "waiting.lua", server, record, count, repeats, options=("--store", "memory")).out)
                for _ in range(turns)]
            rows.append((f"{count:,} at once", f"{statistics.median(found) * 1e6:.1f} us each"))
    table("tasks that wait for a get, processor time of each", rows)


def window_growth(binary, places=(100, 1000, 5000, 25_000), turns=3):
    """Calls under windows of any size, that are filled: a decision looks at no place but the first."""
    rows = []
    with simulator(binary, "--limits", "unlimited", "--seed", "1", "--contacts", "100") as server:
        record = first_id(binary, server)
        for store in ("memory", "file"):
            for count in places:
                # W is a day, so that no place comes free; there is room for the calls that are measured.
                options = ("--store", store, "--no-batch", "--limits", f"{count + 2000}/86400s,100000000/day")
                found = [float(program(binary, "window.lua", server, record, count, 1000, options=options).out)
                         for _ in range(turns)]
                rows.append((f"{store}, {count:,} places", f"{statistics.median(found) * 1e6:.0f} us a call"))
    table("a get behind so many places, processor time", rows)


def measure_growth(binary):
    sizes = [int(size) for size in os.environ.get("MOONSPOT_BENCH_SIZES", "10000,100000").split(",")]
    export_growth(binary, sizes)
    task_growth(binary)
    window_growth(binary)


MEASUREMENTS = {"get": measure_get, "growth": measure_growth}

if __name__ == "__main__":
    for wanted in sys.argv[2:] or MEASUREMENTS:
        MEASUREMENTS[wanted](sys.argv[1])
