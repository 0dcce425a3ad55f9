// Strings and numbers as JSON text, and the errors that name a place.
#include "json_writer.h"

#include <charconv>
#include <cmath>

namespace json_writer {

namespace {

// Adds to a path what leads from a table to one of its entries.
void add_step(lua_State *L, int key, luaL_Buffer *path) {
    if (lua_type(L, key) != LUA_TSTRING) {
        char digits[32];
        char *end = digits + sizeof digits;
        *digits = '[';
        end = lua_isinteger(L, key) ? std::to_chars(digits + 1, end, lua_tointeger(L, key)).ptr : digits + 1;
        *end++ = ']';
        luaL_addlstring(path, digits, static_cast<size_t>(end - digits));
        return;
    }
    size_t length;
    const char *name = lua_tolstring(L, key, &length);
    bool plain = length > 0 && length <= 60 && !(name[0] >= '0' && name[0] <= '9');
    for (size_t i = 0; plain && i < length; ++i) {
        char c = name[i];
        plain = c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }
    luaL_addstring(path, plain ? "." : "[\"");
    size_t shown = length < 60 ? length : 60;
    for (size_t i = 0; i < shown; ++i) luaL_addchar(path, name[i] >= 0x20 && name[i] < 0x7F ? name[i] : '?');
    if (shown < length) luaL_addstring(path, "...");
    if (!plain) luaL_addstring(path, "\"]");
}

void add_path(lua_State *L, int steps, luaL_Buffer *path) {
    luaL_addchar(path, '$');
    for (int i = 0; i < steps; ++i) {
        if (steps > 20 && i == 10) {
            luaL_addstring(path, "...");
            i = steps - 10;
        }
        add_step(L, slot(i) + 1, path);
    }
}

constexpr uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;

// Marks the bytes of a word that cannot stand in a string as they are. Where it marks one it may mark too many, by a borrow;
// never too few.
inline uint64_t escapes(uint64_t word) {
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    return ((word - ones * 0x20) | (quote - ones) | (backslash - ones)) & ~word & tops;
}

inline uint64_t load(const uint8_t *at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// Writes the escape for one byte that cannot stand in a string. Returns the end of it, six bytes behind at most.
char *put_escape(char *out, uint8_t c) {
    static const char short_form[] = "btn?fr";  // 8 to 13
    *out++ = '\\';
    if (c == '"' || c == '\\') {
        *out++ = static_cast<char>(c);
    } else if (c >= 8 && c <= 13 && c != 11) {
        *out++ = short_form[c - 8];
    } else {
        static const char digits[] = "0123456789abcdef";
        std::memcpy(out, "u00", 3);
        out[3] = digits[c >> 4];
        out[4] = digits[c & 15];
        out += 5;
    }
    return out;
}

// Raises the error of a text that is not UTF-8, with the place of the first byte that is not.
[[noreturn]] void fail_encoding(const Writer &w, const uint8_t *text, const uint8_t *end, int steps, bool is_key) {
    const uint8_t *at = text;
    while (at < end) {
        int size = *at < 0x80 ? 1 : json_text::utf8_length(at, end);
        if (size == 0) break;
        at += size;
    }
    char why[64] = "a key is not valid UTF-8 at byte ";
    if (!is_key) std::strcpy(why, "not valid UTF-8 at byte ");
    *std::to_chars(why + std::strlen(why), why + sizeof why - 1, at - text + 1).ptr = 0;
    fail(w, steps, why);
}

}  // namespace

void fail(const Writer &w, int steps, const char *why, int other) {
    lua_State *L = w.L;
    luaL_checkstack(L, LUA_MINSTACK, "JSON");
    luaL_Buffer message;
    luaL_buffinit(L, &message);
    luaL_addstring(&message, "cannot encode ");
    add_path(L, steps, &message);
    luaL_addstring(&message, ": ");
    luaL_addstring(&message, why);
    if (other >= 0) add_path(L, other, &message);
    luaL_pushresult(&message);
    lua_error(L);
    __builtin_unreachable();
}

void put_string(Writer &w, int index, int steps, bool is_key) {
    size_t length;
    const uint8_t *text = reinterpret_cast<const uint8_t *>(lua_tolstring(w.L, index, &length));
    const uint8_t *at = text, *end = text + length;
    // Room for the rest of the text, the quotes and eight bytes more.
    reserve(w, length + 16);
    char *out = w.out + w.length;
    *out++ = '"';
    uint64_t seen = 0;  // all bytes, one over the other: whether any is not ASCII
    while (at < end) {
        size_t left = static_cast<size_t>(end - at);
        if (left >= 8) {
            uint64_t word = load(at);
            if (escapes(word) == 0) {
                std::memcpy(out, &word, 8);
                seen |= word;
                at += 8;
                out += 8;
                continue;
            }
        } else if (length >= 8) {
            // The last bytes: eight of which some were written already, as they stand.
            uint64_t word = load(end - 8);
            if (escapes(word) == 0) {
                std::memcpy(out + left - 8, &word, 8);
                seen |= word;
                out += left;
                break;
            }
        } else if (left >= 4) {
            uint32_t first, last;
            std::memcpy(&first, at, 4);
            std::memcpy(&last, end - 4, 4);
            uint64_t word = first | uint64_t{last} << 32;
            if (escapes(word) == 0) {
                std::memcpy(out, &first, 4);
                std::memcpy(out + left - 4, &last, 4);
                seen |= word;
                out += left;
                break;
            }
        }
        // Byte by byte past an escape, or over a few bytes. Each may take six.
        const uint8_t *stop = left > 8 ? at + 8 : end;
        w.length = static_cast<size_t>(out - w.out);
        reserve(w, left + 64);
        out = w.out + w.length;
        for (; at < stop; ++at) {
            uint8_t c = *at;
            if (c >= 0x20 && c != '"' && c != '\\') {
                *out++ = static_cast<char>(c);
                seen |= c;
            } else {
                out = put_escape(out, c);
            }
        }
    }
    if ((seen & tops) != 0 && !json_text::is_utf8(reinterpret_cast<const char *>(text), length))
        fail_encoding(w, text, end, steps, is_key);
    *out++ = '"';
    w.length = static_cast<size_t>(out - w.out);
}

void put_integer(Writer &w, lua_Integer value) {
    reserve(w, 24);
    char *begin = w.out + w.length;
    w.length += static_cast<size_t>(std::to_chars(begin, begin + 24, value).ptr - begin);
}

void put_float(Writer &w, lua_Number value, int steps) {
    if (std::isnan(value)) fail(w, steps, "not a number (nan) has no JSON");
    if (std::isinf(value)) fail(w, steps, "infinity has no JSON");
    reserve(w, 48);
    char *begin = w.out + w.length;
    double size = std::fabs(value);
    bool fixed = size == 0 || (size >= 1e-5 && size < 1e16);
    auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
    char *end = std::to_chars(begin, begin + 40, value, format).ptr;
    if (fixed && std::memchr(begin, '.', static_cast<size_t>(end - begin)) == nullptr) {
        *end++ = '.';
        *end++ = '0';
    }
    w.length += static_cast<size_t>(end - begin);
}

}  // namespace json_writer
