"""Prints stdlib/utf8_case_data.lua from Python's Unicode data: scripts/lib/utf8_case_data.py > stdlib/utf8_case_data.lua"""

import unicodedata

WIDTH = 118


def folds():
    """The code points that fold to one other, and those that become several."""
    simple, longer = [], {}
    for code in range(0x110000):
        text = chr(code)
        if 0xD800 <= code <= 0xDFFF or text.casefold() == text:
            continue
        if len(text.casefold()) == 1:
            simple.append((code, ord(text.casefold()) - code))
        else:
            longer[code] = text.casefold()
    return simple, longer


def ranges(simple):
    """Runs of code points, side by side or every second one, with the same difference: (first, last, step, delta)."""
    index = 0
    while index < len(simple):
        best, step = index, 1
        for candidate in (1, 2):
            end = index
            while end + 1 < len(simple) and simple[end + 1] == (simple[end][0] + candidate, simple[index][1]):
                end += 1
            if end > best:
                best, step = end, candidate
        yield simple[index][0], simple[best][0], step, simple[index][1]
        index = best + 1


def wrapped(parts):
    line = " "
    for part in parts:
        if len(line) + len(part) > WIDTH:
            yield line
            line = " "
        line += part
    yield line


def main():
    simple, longer = folds()
    print(f"--- Unicode {unicodedata.unidata_version}: what each code point becomes where case does not matter.")
    print("--- Made by scripts/lib/utf8_case_data.py.")
    print("local M = {}\n\n--- First and last code point, step, and what is added to each.\nM.ranges = {")
    print("\n".join(wrapped(" 0x%X, 0x%X, %d, %d," % entry for entry in ranges(simple))))
    print("}\n\n--- Those that become several.\nM.longer = {")
    texts = {code: "".join(f"\\u{{{ord(character):X}}}" for character in text) for code, text in longer.items()}
    print("\n".join(wrapped(f' [0x{code:X}] = "{text}",' for code, text in texts.items())))
    print("}\n\nreturn M")


main()
