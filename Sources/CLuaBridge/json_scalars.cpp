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

// Whether eight bytes are all ASCII that stands for itself. A borrow may make it say no wrongly, but never yes.
inline bool is_plain(uint64_t word) {
    constexpr uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    uint64_t below = word - ones * 0x20;
    return ((word | below | (quote - ones) | (backslash - ones)) & tops) == 0;
}

// Copies a text that stands for itself, its last bytes twice where its length is no multiple of eight.
// Returns false where it does not, or is shorter than four bytes: what was copied means nothing then.
inline bool put_plain(const uint8_t *text, size_t length, char *out) {
    if (length >= 8) {
        for (size_t at = 0;; at = at + 16 <= length ? at + 8 : length - 8) {
            uint64_t word;
            std::memcpy(&word, text + at, 8);
            if (!is_plain(word)) return false;
            std::memcpy(out + at, &word, 8);
            if (at + 8 == length) return true;
        }
    }
    if (length < 4) return false;
    uint32_t first, last;
    std::memcpy(&first, text, 4);
    std::memcpy(&last, text + length - 4, 4);
    if (!is_plain(first | uint64_t{last} << 32)) return false;
    std::memcpy(out, &first, 4);
    std::memcpy(out + length - 4, &last, 4);
    return true;
}

// Escapes one byte that cannot stand in a string.
void put_escape(Writer &w, uint8_t c) {
    static const char short_form[] = "btn?fr";  // 8 to 13
    char *out = w.out + w.length;
    out[0] = '\\';
    if (c == '"' || c == '\\') {
        out[1] = static_cast<char>(c);
        w.length += 2;
    } else if (c >= 8 && c <= 13 && c != 11) {
        out[1] = short_form[c - 8];
        w.length += 2;
    } else {
        static const char digits[] = "0123456789abcdef";
        std::memcpy(out + 1, "u00", 3);
        out[4] = digits[c >> 4];
        out[5] = digits[c & 15];
        w.length += 6;
    }
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
    reserve(w, length + 16);
    w.out[w.length++] = '"';
    if (put_plain(text, length, w.out + w.length)) {
        w.length += length;
        w.out[w.length++] = '"';
        return;
    }
    // Holds on: room for the rest of the string, an escape and the closing quote.
    while (at < end) {
        while (end - at >= 8) {
            uint64_t word;
            std::memcpy(&word, at, 8);
            if (!is_plain(word)) break;
            std::memcpy(w.out + w.length, &word, 8);
            w.length += 8;
            at += 8;
        }
        const uint8_t *stop = end - at > 8 ? at + 8 : end;
        while (at < stop) {
            uint8_t c = *at;
            if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
                w.out[w.length++] = static_cast<char>(c);
                ++at;
            } else if (c < 0x80) {
                put_escape(w, c);
                ++at;
                reserve(w, static_cast<size_t>(end - at) + 16);
            } else {
                int size = json_text::utf8_length(at, end);
                if (size == 0) {
                    char why[64] = "a key is not valid UTF-8 at byte ";
                    if (!is_key) std::strcpy(why, "not valid UTF-8 at byte ");
                    *std::to_chars(why + std::strlen(why), why + sizeof why - 1, at - text + 1).ptr = 0;
                    fail(w, steps, why);
                }
                std::memcpy(w.out + w.length, at, static_cast<size_t>(size));
                w.length += static_cast<size_t>(size);
                at += size;
            }
        }
    }
    w.out[w.length++] = '"';
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
