"""Writes down in which order a program's functions are first called: `function_order.py PROGRAM FILE`.

The linker puts functions one behind the other as it meets them, so that those of a start, or of a call, lie spread over forty
megabytes, and the kernel maps sixteen pages around each. With the file that this makes (lld's --symbol-ordering-file) they lie
together.

The program is run on a few typical jobs with a breakpoint at the entry of each of its functions; a breakpoint that is hit
is taken away. In the middle of a long job all are set once more: those that are hit then are called again and again, and come
first. Linux on x86-64 alone."""

import contextlib
import ctypes
import os
import platform
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

TRACEME, PEEKTEXT, POKETEXT, CONT, GETREGS, SETREGS, DETACH, SETOPTIONS = 0, 1, 4, 7, 12, 13, 17, 0x4200
TRACE_FORK, TRACE_VFORK, TRACE_CLONE, TRACE_EXEC, EXIT_KILL = 2, 4, 8, 16, 1 << 20
EVENT_EXEC = 4
WALL = 0x40000000
INSTRUCTION_POINTER = 16  # of the registers in user_regs_struct
BREAKPOINT = 0xCC

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class Program:
    """An ELF file: its code and the names of its functions by their addresses."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            data = file.read()
        if data[:5] != b"\x7fELF\x02":
            sys.exit(f"{path}: no 64-bit ELF file")
        table, size, count, names = struct.unpack_from("<Q10xHHH", data, 40)
        sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + index * size) for index in range(count)]

        def text_at(offset):
            return data[offset:data.index(b"\0", offset)].decode()

        by_name = {text_at(sections[names][4] + section[0]): section for section in sections}
        _, _, _, self.address, offset, length, *_ = by_name[".text"]
        self.code = data[offset:offset + length]
        symbols, strings = by_name[".symtab"], by_name[".strtab"][4]
        self.functions = {}
        for name, kind, _, _, value, _ in struct.iter_unpack("<IBBHQQ", data[symbols[4]:symbols[4] + symbols[5]]):
            if kind & 15 == 2 and self.address <= value < self.address + length:  # STT_FUNC
                self.functions.setdefault(value, []).append(text_at(strings + name))


class Tracer:
    """Runs the program and notes the functions that are called, over all runs."""

    # So many seconds without a function that is called for the first time: the job repeats itself.
    STEADY = 0.06

    def __init__(self, program):
        self.program = program
        self.called = {}  # In the order of their first calls.
        self.repeated = {}

    def run(self, start, repeats=False):
        """`start` makes the process, which asks to be traced and then becomes the program; `repeats`: its job is a long one."""
        pid = start()
        if not os.WIFSTOPPED(os.waitpid(pid, 0)[1]):
            sys.exit("the program cannot be run, or no process may be traced here")
        libc.ptrace(SETOPTIONS, pid, None, TRACE_FORK | TRACE_VFORK | TRACE_CLONE | TRACE_EXEC | EXIT_KILL)
        with open(f"/proc/{pid}/maps", encoding="ascii") as maps:
            lines = [line for line in maps if line.rstrip().endswith(os.path.realpath(self.program.path))]
        base = int(lines[0].split("-")[0], 16)
        # Opened now: the program closes its memory to others when it starts.
        with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
            self.set_breakpoints(memory, base, self.called)
            libc.ptrace(CONT, pid, None, None)
            self.follow(pid, base, memory if repeats else None)

    def set_breakpoints(self, memory, base, known):
        """At all functions but the known ones."""
        code = bytearray(self.program.code)
        for address in self.program.functions:
            if address not in known:
                code[address - self.program.address] = BREAKPOINT
        memory.seek(base + self.program.address)
        memory.write(code)

    def follow(self, first, base, memory):
        """To the end of the process; what it has started is another program, or ends with it."""
        known, is_steady, last = set(), False, time.monotonic()
        while True:
            pid, status = os.waitpid(-1, WALL | (os.WNOHANG if memory and not is_steady else 0))
            if pid == 0:
                if time.monotonic() - last > self.STEADY:
                    is_steady = True
                    self.set_breakpoints(memory, base, self.repeated)
                time.sleep(0.001)
                continue
            if not os.WIFSTOPPED(status):
                if pid == first:
                    return
                continue
            number, event = os.WSTOPSIG(status), status >> 16
            if event == EVENT_EXEC:
                libc.ptrace(DETACH, pid, None, None)  # Another program.
                continue
            if event or number == signal.SIGSTOP and pid not in known:
                known.add(pid)
                number = 0
            elif number == signal.SIGTRAP:
                address = self.hit(pid, base)
                if address is not None:
                    number, last = 0, time.monotonic()
                    if is_steady:
                        self.repeated.setdefault(address)
            libc.ptrace(CONT, pid, None, number)

    def hit(self, pid, base):
        """The function at whose breakpoint the process stands, which is taken away; None for any other place."""
        registers = (ctypes.c_ulong * 27)()
        libc.ptrace(GETREGS, pid, None, ctypes.addressof(registers))
        place = registers[INSTRUCTION_POINTER] - 1
        address = place - base
        if address not in self.program.functions:
            return None
        self.called.setdefault(address)
        word = libc.ptrace(PEEKTEXT, pid, place, None) & (1 << 64) - 1
        word = word & ~0xFF | self.program.code[address - self.program.address]
        libc.ptrace(POKETEXT, pid, place, word)
        registers[INSTRUCTION_POINTER] = place
        libc.ptrace(SETREGS, pid, None, ctypes.addressof(registers))
        return address

    def names(self):
        """The functions that are called again and again, then the others in the order of their first calls."""
        for address in {**self.repeated, **self.called}:
            yield from self.program.functions[address]


def become(command, environment):
    """Goes on as another program, which stops as it begins and is traced from there."""
    try:
        if libc.ptrace(TRACEME, 0, None, None) == 0:
            os.execve(command[0], command, environment)
    finally:
        os._exit(127)  # Without what the process above would do at its end.


def traced(command, environment, folder):
    """Starts a command that is traced; its output goes nowhere."""
    def start():
        pid = os.fork()
        if pid == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in range(3):
                os.dup2(nothing, descriptor)
            os.chdir(folder)
            become(command, environment)
        return pid
    return start


def traced_in_terminal(command, environment, lines):
    """The same in a terminal, where each prompt is answered with a line, and the last one with Ctrl-D."""
    def start():
        pid, terminal = pty.fork()
        if pid == 0:
            become(command, {**environment, "TERM": "xterm", "NO_COLOR": "1"})

        def type_lines():
            seen, left = b"", [*lines, "\x04"]
            with contextlib.suppress(OSError):
                while left:
                    if select.select([terminal], [], [], 0.3)[0]:
                        seen += os.read(terminal, 65536)
                    elif b"> " in seen:  # A prompt, behind which nothing comes any more.
                        os.write(terminal, left.pop(0).encode())
                        seen = b""
                while os.read(terminal, 65536):
                    pass
            os.close(terminal)
        threading.Thread(target=type_lines, daemon=True).start()
        return pid
    return start


REPEATED = """
local contacts = hubspot.contacts
local id = contacts.list{ limit = 1 }.results[1].id
for round = 1, 300 do
  contacts.get(id)
  contacts.update(id, { city = "Town " .. round })
end
"""

VARIED = """
local contacts = hubspot.contacts
local id = contacts.list{ limit = 1 }.results[1].id
task.map({ 1, 2, 3 }, function() return contacts.get(id).id end)
for _, size in ipairs{ 1, 5 } do contacts.search{ where = { email = { has = true } }, limit = size } end
local made = {}
for index = 1, 3 do made[index] = contacts.create{ email = ("order%d@example.org"):format(index), firstname = "Order" } end
contacts.upsert("order1@example.org", { firstname = "Once more" })
contacts.batch.update{ { id = made[1].id, properties = { city = "Berlin" } } }
hubspot.companies.each{ limit = 10 }()
pcall(contacts.get, 1)
for _, record in ipairs(made) do contacts.delete(record.id) end
"""


def jobs(tracer, path, scripts):
    """Runs the program on typical jobs, against a simulator that is a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        def file(name, text):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as made:
                made.write(text)
            return made.name

        environment = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": os.environ.get("LANG", "C.UTF-8")}
        tracer.run(traced_in_terminal([path, "--simulator"], environment, ["1 + 1\n"]))
        simulator = subprocess.Popen(
            [path, "simulator", "--port", "0", "--limits", "unlimited", "--contacts", "30000"], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            _, _, url, _, token = simulator.stdout.readline().split()[:5]
            portal = {**environment, "HUBSPOT_BASE_URL": url, "HUBSPOT_ACCESS_TOKEN": token}
            command = [path, "--limits", "unlimited"]
            out = os.path.join(folder, "out.csv")
            tracer.run(traced([*command, file("repeated.lua", REPEATED)], portal, folder), repeats=True)
            export = [os.path.join(scripts, "export.lua"), "contacts", "--output", out]
            tracer.run(traced([*command, *export], portal, folder), repeats=True)
            for job in (["-e", "return 1"], [file("varied.lua", VARIED)],
                        [os.path.join(scripts, "import.lua"), "contacts", file("in.csv", "email,city\na@example.org,Ulm\n")]):
                tracer.run(traced([*command, *job], portal, folder))
        finally:
            simulator.terminate()
            simulator.wait()
        tracer.run(traced_in_terminal([path, "--simulator"], environment, ["hubspot.contacts.list()\n", "help(hubspot)\n"]))


def main(path, out):
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        sys.exit("Linux on x86-64 alone")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped: it took too long"))  # Ends the simulator, too.
    path = os.path.abspath(path)
    tracer = Tracer(Program(path))
    jobs(tracer, path, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "automation"))
    if len(tracer.called) < 1000:
        sys.exit(f"{path} called {len(tracer.called)} functions only: it did not run as it should")
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(name + "\n" for name in tracer.names())
    print(f"{len(tracer.called):,} of {len(tracer.program.functions):,} functions, {len(tracer.repeated):,} again and again")


if __name__ == "__main__":
    main(*sys.argv[1:])
