// Lua values -> JSON text, in one pass over each table, into a buffer of the codec.
//
// The stack of the protected call: the table of depth d lies in slot first_slot + 2d, above it the key of the entry
// that is being written, above that its value, which is the table of the next depth. So an error can name its place.
#include "json_codec.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

using json_text::maximum_depth;

namespace {

struct Call {
    ms_json *codec;
    bool pretty;
    bool wants_string;
    size_t length;
};

struct Writer {
    lua_State *L;
    ms_json *codec;
    char *out;  // codec->text
    size_t length;
    size_t members;  // entries in use of codec->members
    bool pretty;
};

// A member of an object in the text: from `begin`, where the opening quote of its key stands, up to `end`.
struct Member {
    size_t begin, end;
    size_t key_length;  // within its quotes, with escapes
};

enum { value_slot = 1, call_slot, first_slot };

int slot(int depth) { return first_slot + 2 * depth; }

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

// Raises `cannot encode PATH: why`; `steps` is the number of tables around the place. With `other` not negative, the
// path to the table of that depth follows.
[[noreturn]] void fail(const Writer &w, int steps, const char *why, int other = -1) {
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

// Makes room for `more` bytes.
inline void reserve(Writer &w, size_t more) {
    if (w.codec->text.size - w.length >= more) return;
    ms_block_reserve(w.L, &w.codec->text, w.length + more);
    w.out = w.codec->text.bytes;
}

inline void put(Writer &w, const char *bytes, size_t length) {
    reserve(w, length);
    std::memcpy(w.out + w.length, bytes, length);
    w.length += length;
}

inline void put(Writer &w, char c) {
    reserve(w, 1);
    w.out[w.length++] = c;
}

void put_line(Writer &w, int depth) {
    size_t spaces = 2 * static_cast<size_t>(depth);
    reserve(w, spaces + 1);
    w.out[w.length++] = '\n';
    std::memset(w.out + w.length, ' ', spaces);
    w.length += spaces;
}

// Whether eight bytes are all ASCII that stands for itself. A borrow may make it say no wrongly, but never yes.
inline bool is_plain(uint64_t word) {
    constexpr uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    uint64_t below = word - ones * 0x20;
    return ((word | below | (quote - ones) | (backslash - ones)) & tops) == 0;
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

// `steps` says where the string is, for an error; a key's path is that of its table.
void put_string(Writer &w, int index, int steps, bool is_key) {
    size_t length;
    const uint8_t *text = reinterpret_cast<const uint8_t *>(lua_tolstring(w.L, index, &length));
    const uint8_t *at = text, *end = text + length;
    reserve(w, length + 16);
    w.out[w.length++] = '"';
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

// The shortest digits that read back as the same double, with a point or an exponent so that it stays a float.
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

void put_table(Writer &w, int depth);

// Whether the table writes its infinite numbers as null.
bool allows_infinity(lua_State *L, int table) {
    if (!lua_getmetatable(L, table)) return false;
    bool allows = lua_rawgetp(L, -1, &ms_json_infinity_mark) != LUA_TNIL;
    lua_pop(L, 2);
    return allows;
}

// The value on top, which lies within `depth` tables.
void put_value(Writer &w, int depth) {
    lua_State *L = w.L;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING: return put_string(w, -1, depth, false);
    case LUA_TTABLE: return put_table(w, depth);
    case LUA_TNUMBER:
        if (lua_isinteger(L, -1)) return put_integer(w, lua_tointeger(L, -1));
        if (depth > 0 && std::isinf(lua_tonumber(L, -1)) && allows_infinity(L, slot(depth - 1)))
            return put(w, "null", 4);
        return put_float(w, lua_tonumber(L, -1), depth);
    case LUA_TBOOLEAN: return lua_toboolean(L, -1) ? put(w, "true", 4) : put(w, "false", 5);
    case LUA_TNIL: return put(w, "null", 4);
    case LUA_TLIGHTUSERDATA:
        if (ms_json_is_null(L, -1)) return put(w, "null", 4);
        break;
    default: break;
    }
    char why[48] = "a ";
    std::strcat(std::strcat(why, luaL_typename(L, -1)), " has no JSON");
    fail(w, depth, why);
}

// A list whose entries lua_next does not give in order.
void put_unordered_array(Writer &w, int depth) {
    lua_State *L = w.L;
    int table = slot(depth);
    lua_Integer count = 0, last = 0;
    lua_settop(L, table);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        if (lua_type(L, table + 1) == LUA_TSTRING) fail(w, depth, "mixed keys: strings beside numbers");
        if (!lua_isinteger(L, table + 1)) fail(w, depth, "a key that is neither a string nor a whole number");
        lua_Integer key = lua_tointeger(L, table + 1);
        if (key < 1) fail(w, depth, "a list's keys begin at 1");
        ++count;
        if (key > last) last = key;
    }
    if (last != count) fail(w, depth, "a list with gaps: its keys are not exactly 1..n");
    put(w, '[');
    for (lua_Integer index = 1; index <= last; ++index) {
        if (index > 1) put(w, ',');
        if (w.pretty) put_line(w, depth + 1);
        lua_pushinteger(L, index);
        lua_rawgeti(L, table, index);
        put_value(w, depth + 1);
        lua_settop(L, table);
    }
    if (w.pretty) put_line(w, depth);
    put(w, ']');
}

// The first entry lies above the table.
void put_array(Writer &w, int depth) {
    lua_State *L = w.L;
    int table = slot(depth);
    size_t start = w.length;
    lua_Integer next = 1;
    do {
        if (!lua_isinteger(L, table + 1) || lua_tointeger(L, table + 1) != next) {
            w.length = start;
            return put_unordered_array(w, depth);
        }
        put(w, next == 1 ? '[' : ',');
        if (w.pretty) put_line(w, depth + 1);
        put_value(w, depth + 1);
        lua_settop(L, table + 1);
        ++next;
    } while (lua_next(L, table));
    if (w.pretty) put_line(w, depth);
    put(w, ']');
}

// Brings the members from number `first` on, which were written last, into the order of their keys.
void sort_members(Writer &w, size_t first) {
    Member *begin = reinterpret_cast<Member *>(w.codec->members.bytes) + first;
    Member *end = reinterpret_cast<Member *>(w.codec->members.bytes) + w.members;
    size_t start = begin->begin, length = (end - 1)->end - start;
    reserve(w, length);  // before a pointer into the text is kept
    char *text = w.out;
    auto before = [text](const Member &a, const Member &b) {
        int order = std::memcmp(text + a.begin + 1, text + b.begin + 1, std::min(a.key_length, b.key_length));
        return order != 0 ? order < 0 : a.key_length < b.key_length;
    };
    if (std::is_sorted(begin, end, before)) return;
    // What lies between two members is the same everywhere: a comma and, if pretty, a new line.
    const char *gap = text + begin->end;
    size_t gap_length = begin[1].begin - begin->end;
    std::sort(begin, end, before);
    char *out = text + w.length;
    for (Member *member = begin; member < end; ++member) {
        if (member > begin) {
            std::memcpy(out, gap, gap_length);
            out += gap_length;
        }
        std::memcpy(out, text + member->begin, member->end - member->begin);
        out += member->end - member->begin;
    }
    std::memcpy(text + start, text + w.length, length);
}

void put_object(Writer &w, int depth) {
    lua_State *L = w.L;
    int table = slot(depth);
    size_t first = w.members;
    put(w, '{');
    do {
        if (lua_type(L, table + 1) != LUA_TSTRING)
            fail(
                w, depth,
                lua_type(L, table + 1) == LUA_TNUMBER ? "mixed keys: numbers beside strings"
                                                      : "a key that is neither a string nor a whole number");
        if (w.members > first) put(w, ',');
        if (w.pretty) put_line(w, depth + 1);
        Member member;
        member.begin = w.length;
        put_string(w, table + 1, depth, true);
        member.key_length = w.length - member.begin - 2;
        put(w, ": ", w.pretty ? 2 : 1);
        put_value(w, depth + 1);
        member.end = w.length;
        ms_block_reserve(L, &w.codec->members, (w.members + 1) * sizeof(Member));
        reinterpret_cast<Member *>(w.codec->members.bytes)[w.members++] = member;
        lua_settop(L, table + 1);
    } while (lua_next(L, table));
    if (w.members - first > 1) sort_members(w, first);
    w.members = first;
    if (w.pretty) put_line(w, depth);
    put(w, '}');
}

void put_table(Writer &w, int depth) {
    lua_State *L = w.L;
    int table = slot(depth);
    const void *self = lua_topointer(L, table);
    for (int i = 0; i < depth; ++i)
        if (w.codec->open[i] == self) fail(w, depth, "a cycle: it is the same table as ", i);
    if (depth >= maximum_depth) fail(w, depth, "more than 1,000 levels deep");
    w.codec->open[depth] = self;
    luaL_checkstack(L, 6, "JSON");
    lua_pushnil(L);
    if (!lua_next(L, table)) {
        if (!ms_json_push_fields(L, table)) return ms_json_is_array(L, table) ? put(w, "[]", 2) : put(w, "{}", 2);
        lua_replace(L, table);
        return put_table(w, depth);
    }
    switch (lua_type(L, table + 1)) {
    case LUA_TSTRING: return put_object(w, depth);
    case LUA_TNUMBER: return put_array(w, depth);
    default: fail(w, depth, "a key that is neither a string nor a whole number");
    }
}

int encode(lua_State *L) {
    Call *call = static_cast<Call *>(lua_touserdata(L, call_slot));
    Writer w{};
    w.L = L;
    w.codec = call->codec;
    w.out = w.codec->text.bytes;
    w.pretty = call->pretty;
    lua_pushvalue(L, value_slot);
    put_value(w, 0);
    call->length = w.length;
    if (!call->wants_string) return 0;
    lua_pushlstring(L, w.out, w.length);
    return 1;
}

}  // namespace

void ms_json_encode(lua_State *L, ms_json *codec, int index, bool pretty) {
    Call call{codec, pretty, true, 0};
    luaL_checkstack(L, 1, "JSON");
    lua_pushvalue(L, index);
    ms_json_protected(L, codec, &call.codec, encode, &call, 1);
}

size_t ms_json_encode_raw(lua_State *L, ms_json *codec, int index, bool pretty, const char **text) {
    Call call{codec, pretty, false, 0};
    luaL_checkstack(L, 1, "JSON");
    lua_pushvalue(L, index);
    ms_json_protected(L, codec, &call.codec, encode, &call, 0);
    *text = call.codec->text.bytes;
    return call.length;
}
