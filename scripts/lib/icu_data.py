"""Cuts ICU's data down to what moonspot uses: `icu_data.py lib_FoundationICU.a FOLDER`, into FOLDER/icu_data.o.

Foundation brings ICU, whose data are a third of the program: 700 locales, converters, collations, dictionaries. Of these
moonspot takes time zones. The data's one symbol is defined again over a smaller package: time zones, the tables that ICU
opens itself with, and English, which Foundation falls back to. The format: https://unicode-org.github.io/icu/userguide/icu_data/ (a common data file)."""

import os
import re
import struct
import subprocess
import sys


def read_package(data):
    """The header's bytes, and the items by name."""
    header_size, = struct.unpack_from("<H", data)
    count, = struct.unpack_from("<I", data, header_size)
    places = [struct.unpack_from("<II", data, header_size + 4 + 8 * index) for index in range(count)]
    ends = [place for _, place in places[1:]] + [len(data) - header_size]
    items = {}
    for (name, place), end in zip(places, ends):
        text = data[header_size + name:data.index(b"\0", header_size + name)].decode()
        items[text] = data[header_size + place:header_size + end]
    return data[:header_size], items


def package(header, items):
    """A package of items, in the order of their names, which are looked up by halving."""
    names, contents = b"", b""
    table_size = 4 + 8 * len(items)
    name_places, places = [], []
    for name in items:
        name_places.append(table_size + len(names))
        names += name.encode() + b"\0"
    begin = (table_size + len(names) + 15) // 16 * 16
    for content in items.values():
        places.append(begin + len(contents))
        contents += content + bytes(-len(content) % 16)
    table = struct.pack("<I", len(items)) + b"".join(
        struct.pack("<II", *pair) for pair in zip(name_places, places))
    return header + (table + names).ljust(begin, b"\0") + contents


def is_needed(name):
    folder, _, file = name.partition("/")[2].rpartition("/")
    stem, _, ending = file.rpartition(".")
    # Number formats, which date formats use, want the names of currencies.
    if folder not in ("", "zone", "curr") or ending in ("cnv", "spp") or file in ("unames.icu", "cnvalias.icu", "confusables.cfu"):
        return False
    is_locale = ending == "res" and re.fullmatch(r"[a-z]{2,3}(_[A-Za-z0-9]+)*", stem)
    return not is_locale or stem in ("en", "en_001", "en_US", "en_US_POSIX")


def main(archive, folder):
    os.makedirs(folder, exist_ok=True)
    inside = lambda name: os.path.join(folder, name)
    member = "icu_packaged_data.cpp.o"
    with open(inside(member), "wb") as file:
        subprocess.run(["ar", "p", archive, member], stdout=file, check=True)
    symbols = subprocess.run(["nm", inside(member)], capture_output=True, text=True, check=True).stdout
    symbol = re.search(r" R (icudt\d+_dat)$", symbols, re.MULTILINE).group(1)
    subprocess.run(["objcopy", "--output-target=binary", "--only-section=.rodata", inside(member), inside("all.dat")], check=True)
    with open(inside("all.dat"), "rb") as file:
        header, items = read_package(file.read())
    kept = {name: content for name, content in items.items() if is_needed(name)}
    data = package(header, kept)
    if not any(name.endswith("/zoneinfo64.res") for name in kept):
        sys.exit(f"{archive}: no time zones among {len(items)} items")
    with open(inside("kept.dat"), "wb") as file:
        file.write(data)
    with open(inside("icu_data.s"), "w", encoding="ascii") as file:
        file.write(f""".section .rodata
.balign 16
.globl {symbol}
.type {symbol}, %object
{symbol}: .incbin "{inside('kept.dat')}"
.size {symbol}, . - {symbol}
.section .note.GNU-stack, "", %progbits
""")
    subprocess.run(["as", "-o", inside("icu_data.o.new"), inside("icu_data.s")], check=True)
    os.rename(inside("icu_data.o.new"), inside("icu_data.o"))
    for name in (member, "all.dat", "kept.dat", "icu_data.s"):
        os.remove(inside(name))
    print(f"{len(kept)} of {len(items)} items, {len(data) / 1e6:.1f} of {sum(map(len, items.values())) / 1e6:.1f} MB")


main(*sys.argv[1:])
