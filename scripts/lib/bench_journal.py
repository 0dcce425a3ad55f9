"""What the journal of writes costs, for scripts/lib/bench.py: `journal`, without a network, and under the quota."""

import json
import os
import subprocess
import tempfile

from bench_tools import ROOT, Run, environment_in, simulator, table


def measure_journal(binary):
    program = os.path.join(os.path.dirname(binary), "JournalBench")
    subprocess.run(["bash", "-c", "source scripts/lib/common.sh && release_product JournalBench"], cwd=ROOT, check=True)
    answer = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in answer.splitlines()]
    table("writes journalled on disk, intent and fate", [
        (row["name"], f"{row['writes'] / row['seconds']:,.0f} a second" + ("   (aim: 20,000)" if place == 0 else ""))
        for place, row in enumerate(rows)
    ])


UPSERTS = """
local rows = %d
local i = 0
task.each(function() i = i + 1; return i <= rows and i or nil end, function(n)
  hubspot.contacts.upsert(("person%%d@example.org"):format(n), { firstname = "Ada", city = "London" })
end)
"""


def measure_upserts(binary, rows=50_000):
    """Naive upserts at 190 requests in 10 s, with and without a journal."""
    runs = {}
    for mode in ("off", "writes"):
        with simulator(binary, "--tier", "professional", "--contacts", "0") as server, \
                tempfile.TemporaryDirectory() as folder:
            command = [binary, "--limits", "professional", "--journal", mode, "-e", UPSERTS % rows]
            runs[mode] = Run(command, environment_in(folder, server), folder)
    cost = runs["writes"].wall / runs["off"].wall - 1
    table(f"{rows:,} naive upserts at 190 requests in 10 s", [
        ("without a journal", f"{runs['off'].wall:.1f} s, {runs['off'].processor:.1f} s of processor time"),
        ("with it", f"{runs['writes'].wall:.1f} s, {runs['writes'].processor:.1f} s of processor time"),
        ("its cost", f"{cost:.1%}   (aim: under 1 %)"),
    ])


def measure_both(binary):
    measure_journal(binary)
    measure_upserts(binary)


MEASUREMENTS = {"journal": measure_both}
