"""Measurements of the Lua runtime for scripts/lib/bench.py: `lua`, `json` and `tasks`. Each takes the path of the binary."""

import os
import statistics
import sys
import tempfile

from bench_tools import Run, environment_in

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench")


def run(command):
    """A process that has to end well, in an empty home folder."""
    with tempfile.TemporaryDirectory() as folder:
        return Run(command, environment_in(folder), folder)


def measured_programs(binary, turns=7):
    """Programs in plain Lua: processor seconds of moonspot and lua5.4, the best of some turns, start-up taken off."""
    programs = ["fib", "nbody", "strings", "sort", "objects", "coroutines"]
    interpreters = {"moonspot": binary, "lua5.4": "lua5.4"}
    with tempfile.TemporaryDirectory() as folder:
        empty = os.path.join(folder, "empty.lua")
        open(empty, "w").close()
        paths = {"": empty, **{name: os.path.join(PROGRAMS, name + ".lua") for name in programs}}
        best = {}
        for _ in range(turns):
            for name, path in paths.items():
                for interpreter, command in interpreters.items():  # Turn by turn, so that a disturbance hits all alike.
                    seconds = run([command, path]).processor
                    key = (interpreter, name)
                    best[key] = min(seconds, best.get(key, seconds))
    return {name: tuple(best[interpreter, name] - best[interpreter, ""] for interpreter in interpreters) for name in programs}


def measure_lua(binary, turns=7):
    print(f"plain Lua, processor time, best of {turns} runs")
    ratios = []
    for name, (ours, theirs) in measured_programs(binary, turns).items():
        ratios.append(ours / theirs)
        print(f"    {name:<10}  {ours * 1000:6.0f} ms   lua5.4 {theirs * 1000:6.0f} ms   {ours / theirs:.2f} times")
    print(f"    all         {statistics.geometric_mean(ratios):.2f} times   (aim: at most 1.02)")
    print(flush=True)


def measured_json(binary):
    """Seconds of json.decode and json.encode and of lua-cjson's, both in one process; nothing where lua-cjson is missing."""
    output = run([binary, os.path.join(PROGRAMS, "json.lua")]).out
    lines = [line.split("\t") for line in output.splitlines()]
    return {words[0]: (float(words[1]), float(words[2]), int(words[3])) for words in lines if len(words) == 4}


def measure_json(binary):
    """json.decode and json.encode beside lua-cjson's."""
    print("JSON, a page of 100 contacts, processor time beside lua-cjson in the same run")
    aims = {"decode": "aim: 0.5 at most", "encode": "aim: 0.6 at most"}
    for name, (ours, theirs, size) in measured_json(binary).items():
        speed = size / ours / 1e6
        print(f"    {name}  {ours * 1e6:5.0f} us ({speed:4.0f} MB/s)   lua-cjson {theirs * 1e6:5.0f} us   {ours / theirs:.2f} times its time   ({aims[name]})")
    print(flush=True)


def measure_tasks(binary, count=100_000):
    """Many sleeping tasks: memory for each and processor time."""
    ended = run([binary, os.path.join(PROGRAMS, "tasks.lua"), str(count)])
    number, spawned, total, lua, ours = (float(word) for word in ended.out.split())
    print(f"{number:,.0f} tasks that sleep for 5 s at once")
    print(f"    memory of each   {lua:,.0f} bytes of Lua's, {ours:,.0f} bytes of ours beside   (aim: under 2,048)")
    print(f"    processor time   {spawned:.2f} s to start them, {total:.2f} s in all; {ended.wall:.1f} s on the clock")
    print(flush=True)


MEASUREMENTS = {"lua": measure_lua, "json": measure_json, "tasks": measure_tasks}

if __name__ == "__main__":
    for wanted in sys.argv[2:] or MEASUREMENTS:
        MEASUREMENTS[wanted](sys.argv[1])
