// UTF-8 without the locale: the C library's own conversion depends on LC_CTYPE and stops at the first wrong byte.
#ifndef CE_UTF8_H
#define CE_UTF8_H

#include <stddef.h>
#include <wchar.h>

// Decodes one character of `length` bytes at hand. Returns the bytes it took; a wrong byte is taken alone and
// becomes U+FFFD. Returns 0 where the bytes are the beginning of a character that is not complete.
size_t ce_decode(const char *bytes, size_t length, wchar_t *character);

// Writes one character as UTF-8 to `bytes` (room for four) and returns how many there are.
size_t ce_encode(wchar_t character, char *bytes);

// NUL-terminated copies from malloc, or NULL without memory.
wchar_t *ce_widen(const char *bytes, size_t length);
char *ce_narrow(const wchar_t *text, size_t count, size_t *length);

#endif
