// The structure of a JSON text, found by simdjson's first stage and checked: what the Swift target JSON reads from.
//
// Nothing is thrown, and hostile input does no more than fail.
#ifndef MOONSPOT_CJSON_TEXT_H
#define MOONSPOT_CJSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The tokens of a text: each bracket, colon and comma, and the first byte of each string, number and word.
typedef struct {
    /// Their offsets in bytes; `tokens[count]` is the text's length.
    const uint32_t *tokens;
    /// For the token of an opening bracket, the number of the one that closes it.
    const uint32_t *partners;
    size_t count;
    /// Why the text is not JSON, and at which byte; null where it is. Never freed.
    const char *why;
    size_t offset;
} cjson_structure;

/// Reads and checks a whole text of at most 1,000 levels. What is not checked: the escapes within strings. The answer
/// lasts until this thread reads the next text.
cjson_structure cjson_read(const void *text, size_t length);

/// Whether a text is valid UTF-8.
bool cjson_is_utf8(const void *text, size_t length);

/// Writes the string between two quotes without its escapes to `out`, which holds `end - begin` bytes. Returns how many
/// it wrote, or -1 for a wrong escape, `wrong` bytes behind `begin`. A lone surrogate becomes U+FFFD.
ptrdiff_t cjson_unescape(const uint8_t *begin, const uint8_t *end, uint8_t *out, size_t *wrong);

#ifdef __cplusplus
}
#endif

#endif
