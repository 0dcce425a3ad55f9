"""What scripts/bench measures. Arguments: the binary, the folder of the automation scripts, names of measurements."""

import contextlib
import csv
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

binary, automation, *wanted = sys.argv[1:]
MEBIBYTE = 1024 * 1024


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
        self.out = open(out.name, encoding="utf-8").read()
        self.err = open(err.name, encoding="utf-8").read()
        if self.status not in status:
            sys.exit(f"{' '.join(command)}\nended with status {self.status}:\n{self.err[-2000:]}")


def environment_in(folder):
    """An environment with an empty home folder and no credential."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": folder, "MOONSPOT_STATE": os.path.join(folder, "state")}


class Simulator:
    def __init__(self, process, url, token):
        self.process, self.url, self.token = process, url, token

    def stats(self):
        with urllib.request.urlopen(self.url + "/_simulator/stats", timeout=10) as answer:
            return json.load(answer)


@contextlib.contextmanager
def simulator(*options):
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


def script(name, server, folder, *arguments, options=(), status=(0,)):
    environment = environment_in(folder)
    environment.update(HUBSPOT_ACCESS_TOKEN=server.token, HUBSPOT_BASE_URL=server.url)
    command = [binary, *options, os.path.join(automation, name), *arguments]
    return Run(command, environment, folder, status)


def table(title, rows):
    print(title)
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"    {name:<{width}}  {value}")
    print(flush=True)


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
        with simulator("--limits", "unlimited", "--seed", "1", "--contacts", str(count)) as server:
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
    with tempfile.TemporaryDirectory() as folder, simulator("--tier", "professional", "--contacts", "0") as server:
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
for name in wanted:
    if name not in measurements:
        print(f"scripts/bench: {name}: one of {', '.join(measurements)} expected", file=sys.stderr)
        sys.exit(2)
for name in wanted or measurements:
    measurements[name]()
