"""Measurements of the Lua runtime for scripts/lib/bench.py: `lua`, `json` and `tasks`. Each takes the path of the binary."""

import os
import subprocess
import sys
import tempfile
import time

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench")


def run(command):
    """Processor seconds (user and system) and standard output of a process that has to end well."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": folder, "MOONSPOT_STATE": folder + "/state"}
        with open(os.path.join(folder, "stdout"), "wb") as out:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)}\nended with status {process.returncode}")
        with open(out.name, encoding="utf-8") as file:
            return usage.ru_utime + usage.ru_stime, file.read()


def measure_lua(binary, turns=7):
    """Five programs in plain Lua, the best of some turns beside lua5.4, start-up of each taken off."""
    interpreters = {"moonspot": binary, "lua5.4": "lua5.4"}
    programs = ["fib", "nbody", "strings", "sort", "objects"]
    with tempfile.NamedTemporaryFile(suffix=".lua") as empty:
        paths = {"": empty.name, **{name: os.path.join(PROGRAMS, name + ".lua") for name in programs}}
        best = {}
        for _ in range(turns):
            for name, path in paths.items():
                for interpreter, command in interpreters.items():  # Turn by turn, so that what disturbs one disturbs both.
                    seconds, _ = run([command, path])
                    key = (interpreter, name)
                    best[key] = min(seconds, best.get(key, seconds))
    print(f"plain Lua, processor time, best of {turns} runs")
    for name in programs:
        ours, theirs = (best[interpreter, name] - best[interpreter, ""] for interpreter in interpreters)
        print(f"    {name:<8}  {ours * 1000:6.0f} ms   lua5.4 {theirs * 1000:6.0f} ms   {ours / theirs:.2f}   (aim: 1.00 to 1.05)")
    print(flush=True)


def measure_json(binary):
    """json.decode and json.encode beside lua-cjson's, both in one process."""
    _, output = run([binary, os.path.join(PROGRAMS, "json.lua")])
    print("JSON, a page of 100 contacts, processor time beside lua-cjson in the same run")
    aims = {"decode": "aim: 2.0 at least", "encode": "aim: 1.0 at least"}
    for line in output.splitlines():
        words = line.split("\t")
        if len(words) != 4:
            print(f"    {line}")
            continue
        name, ours, theirs, size = words[0], float(words[1]), float(words[2]), int(words[3])
        speed = size / ours / 1e6
        print(f"    {name}  {ours * 1e6:5.0f} us ({speed:4.0f} MB/s)   lua-cjson {theirs * 1e6:5.0f} us   {theirs / ours:.2f} times as fast   ({aims[name]})")
    print(flush=True)


def measure_tasks(binary, count=100_000):
    """Many sleeping tasks: memory for each and processor time."""
    begun = time.perf_counter()
    _, output = run([binary, os.path.join(PROGRAMS, "tasks.lua"), str(count)])
    wall = time.perf_counter() - begun
    number, spawned, total, lua, ours = (float(word) for word in output.split())
    print(f"{number:,.0f} tasks that sleep for 5 s at once")
    print(f"    memory of each   {lua:,.0f} bytes of Lua's, {ours:,.0f} bytes of ours beside   (aim: under 2,048)")
    print(f"    processor time   {spawned:.2f} s to start them, {total:.2f} s in all; {wall:.1f} s on the clock")
    print(flush=True)


MEASUREMENTS = {"lua": measure_lua, "json": measure_json, "tasks": measure_tasks}

if __name__ == "__main__":
    for wanted in sys.argv[2:] or MEASUREMENTS:
        MEASUREMENTS[wanted](sys.argv[1])
