"""What the journal of writes costs, for scripts/lib/bench.py: `journal`, without a network."""

import json
import os
import subprocess

from bench_tools import table

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def measure_journal(binary):
    program = os.path.join(os.path.dirname(binary), "JournalBench")
    subprocess.run(
        ["swift", "build", "--package-path", ROOT, "--configuration", "release", "--static-swift-stdlib", "--product",
         "JournalBench"], check=True, stdout=subprocess.DEVNULL)
    answer = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in answer.splitlines()]
    table("writes journalled on disk, intent and fate", [
        (row["name"], f"{row['writes'] / row['seconds']:,.0f} a second" + ("   (aim: 20,000)" if place == 0 else ""))
        for place, row in enumerate(rows)
    ])


MEASUREMENTS = {"journal": measure_journal}
