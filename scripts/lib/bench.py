"""What scripts/bench measures. Arguments: the binary, the folder of the automation scripts, names of measurements."""

import csv
import functools
import os
import random
import re
import statistics
import sys
import tempfile

import bench_beside
import bench_calls
import bench_crash
import bench_journal
import bench_lua
import bench_quota
import bench_repl
import bench_simulator
from bench_tools import MEBIBYTE, Run, environment_in, simulator, table

binary, automation, *wanted = sys.argv[1:]
if wanted[:1] == ["--beside"]:
    bench_beside.main(binary, wanted[1:])
    sys.exit()


def script(name, server, folder, *arguments, options=(), status=(0,)):
    command = [binary, *options, os.path.join(automation, name), *arguments]
    return Run(command, environment_in(folder, server), folder, status)


def measure_start(runs=100):
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_in(folder)
        commands = {"moonspot": [binary, "-e", "return 1"], "lua5.4": ["lua5.4", "-e", "return 1"]}
        times = {name: [] for name in commands}
        for turn in range(runs + 5):
            for name, command in commands.items():
                run = Run(command, environment, folder)
                if turn >= 5:  # The first few warm the page cache.
                    times[name].append(run.wall * 1000)
    medians = {name: statistics.median(values) for name, values in times.items()}
    table(f"start-up of -e 'return 1', median of {runs} runs", [
        ("moonspot", f"{medians['moonspot']:.1f} ms"),
        ("lua5.4", f"{medians['lua5.4']:.1f} ms"),
        ("above it", f"{medians['moonspot'] - medians['lua5.4']:.1f} ms   (aim: at most 15 ms)"),
    ])


def measure_export(contacts=100_000, turns=3):
    pages = contacts / 100
    runs = {}
    for count in (0, contacts):
        with simulator(binary, "--limits", "unlimited", "--seed", "1", "--contacts", str(count)) as server:
            runs[count] = []
            for _ in range(turns):
                with tempfile.TemporaryDirectory() as folder:
                    target = os.path.join(folder, "contacts.csv")
                    run = script("export-contacts.lua", server, folder, "--output", target,
                                 options=("--limits", "unlimited", "--store", "memory"))
                    with open(target, newline="", encoding="utf-8") as file:
                        rows = sum(1 for _ in csv.reader(file)) - 1
                    if rows != count:
                        sys.exit(f"exported {rows} contacts instead of {count}")
                    runs[count].append(run)
    full, none = runs[contacts], runs[0]
    processor = statistics.median(r.processor for r in full) - statistics.median(r.processor for r in none)
    peak = max(r.peak for r in full)
    base = statistics.median(r.peak for r in none)
    wall = statistics.median(r.wall for r in full)
    table(f"export of {contacts:,} contacts to CSV, {turns} runs", [
        ("time", f"{wall:.1f} s ({contacts / wall:,.0f} contacts a second)"),
        ("processor time for a page of 100", f"{processor / pages * 1000:.2f} ms   (aim: 0.3 ms)"),
        ("peak memory", f"{peak / MEBIBYTE:.0f} MiB"),
        ("above a run that exports none", f"{(peak - base) / MEBIBYTE:.0f} MiB   (aim: at most 40 MiB)"),
    ])


COLUMNS = ["email", "firstname", "lastname", "phone", "company", "address", "city"]


def people(count, seed=7):
    """Rows as a careless world writes them, the contacts that they should become, and the numbers of the bad rows."""
    dice = random.Random(seed)
    first = ["Ada", "Zoë", "José", "Đorđe", "Søren", "美咲", "지훈", "Анна", "علي", "O'Brien", "Mary Ann", "François 🎉", "名前"]
    last = ["Lovelace", "Müller-Lüdenscheidt", 'Smith, "Jr."', "山田", "García Márquez", "van der Berg", "Łukasiewicz", "🦊 Fox"]
    company = ['Acme, Inc.', 'The "Best" Ltd', "Überall GmbH & Co. KG", "株式会社ムーン", "a,b;c", "=SUM(A1)", "", "  padded  "]
    address = ["1 Main St\nSuite 5", "Straße 7\r\nHinterhaus", 'Block "C", 2', "東京都千代田区", "", "Calle 8 nº 3, 2º"]
    city = ["Berlin", "São Paulo", "Αθήνα", "ירושלים", "", "Saint-Étienne"]
    bad_addresses = ["not-an-email", "two@@example.org", "no-domain@", "@no-name.org", ""]
    rows, expected, bad = [], {}, set()
    addresses = []
    for index in range(count):
        number = index + 2  # The header is row 1.
        row = {
            "firstname": dice.choice(first), "lastname": dice.choice(last), "phone": f"+49 30 {dice.randrange(10**7):07d}",
            "company": dice.choice(company), "address": dice.choice(address), "city": dice.choice(city),
        }
        draw = dice.random()
        if draw < 0.002:
            row["email"] = dice.choice(bad_addresses)
            bad.add(number)
        elif draw < 0.012 and addresses:
            # Near doubles meet in one batch, far ones in different ones.
            earlier = addresses[-dice.randrange(1, 30)] if dice.random() < 0.5 and len(addresses) > 30 else dice.choice(addresses)
            row["email"] = earlier.upper() if dice.random() < 0.5 else earlier
        else:
            row["email"] = f"person.{index}+{dice.randrange(1000)}@example{dice.randrange(50)}.org"
            addresses.append(row["email"])
        if number not in bad:
            contact = expected.setdefault(row["email"].lower(), {})
            contact.update({name: value for name, value in row.items() if value != "" and name != "email"})
        rows.append(row)
    return rows, expected, bad


def differences(path, expected):
    """What the exported file and the expected contacts do not agree on."""
    found = []
    with open(path, newline="", encoding="utf-8") as file:
        exported = {row["email"]: row for row in csv.DictReader(file)}
    for email in expected.keys() - exported.keys():
        found.append(f"{email}: missing")
    for email in exported.keys() - expected.keys():
        found.append(f"{email}: not in the file that was imported")
    for email in expected.keys() & exported.keys():
        for name in COLUMNS[1:]:
            wanted_value = expected[email].get(name, "")
            if exported[email][name] != wanted_value:
                found.append(f"{email}: {name} is {exported[email][name]!r} instead of {wanted_value!r}")
    return found


def measure_import(count=10_000):
    rows, expected, bad = people(count)
    with tempfile.TemporaryDirectory() as folder, simulator(binary, "--tier", "professional", "--contacts", "0") as server:
        source, target = os.path.join(folder, "people.csv"), os.path.join(folder, "exported.csv")
        with open(source, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        run = script("import-contacts.lua", server, folder, source, status=(0, 1))
        reported = {int(number) for number in re.findall(r"^row (\d+) ", run.err, re.MULTILINE)}
        script("export-contacts.lua", server, folder, "--properties", ",".join(COLUMNS), "--output", target)
        wrong = differences(target, expected)
        stats = server.stats()
    table(f"import of {count:,} rows, professional tier", [
        ("summary", run.out.strip()),
        ("time", f"{run.wall:.1f} s, processor {run.processor:.2f} s, peak memory {run.peak / MEBIBYTE:.0f} MiB"),
        ("requests", f"{stats['requests']}, throttled {stats['throttled']}   (aim: none)"),
        ("bad rows", f"{len(bad)} in the file, {len(reported & bad)} of them reported, {len(reported - bad)} others reported"),
        ("compared after an export", f"{len(expected):,} contacts, {len(wrong)} differences"),
    ])
    for line in wrong[:10]:
        print("    " + line)
    if wrong or reported != bad or stats["throttled"]:
        sys.exit("the import is not what it should be")


measurements = {"start": measure_start, "export": measure_export, "import": measure_import}
for module in (bench_calls, bench_crash, bench_journal, bench_lua, bench_quota, bench_repl, bench_simulator):
    measurements |= {name: functools.partial(measure, binary) for name, measure in module.MEASUREMENTS.items()}
for name in wanted:
    if name not in measurements:
        print(f"scripts/bench: {name}: one of {', '.join(measurements)} expected", file=sys.stderr)
        sys.exit(2)
for name in wanted or measurements:
    measurements[name]()
