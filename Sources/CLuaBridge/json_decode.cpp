// JSON text -> Lua values: one pass over the tokens that simdjson found, after one that counts the entries of each
// container, so that each table is made in its final size.
#include "json_codec.h"

#include <cmath>
#include <cstring>

using json_text::Fault;
using json_text::maximum_depth;

namespace {

struct Call {
    ms_json *codec;
    const uint8_t *text;
    size_t length;
    const ms_json_shape *shape;
};

struct Reader {
    lua_State *L;
    ms_json *codec;
    const uint8_t *text;
    const uint8_t *end;
    const uint32_t *token;  // the next one; *last is the text's length
    const uint32_t *last;
    const uint32_t *size;   // of the next container to be opened
    const uint8_t *escape;  // the first backslash at or after the last string that was read, or `end`
    const char *field;      // of the root, that holds the list of elements; or null
    const char *nulls;      // of the root and the elements, whose null members are remembered; or null
};

// Stack slots of the protected call.
enum { call_slot = 2, array_slot, root_slot, element_slot, nulls_slot, bag_slot };

// The part that an object plays in the shape.
enum class Place { anywhere, root, elements_list, element, with_nulls };

[[noreturn]] void fail(lua_State *L, size_t offset, const char *why) {
    lua_pushfstring(L, "invalid JSON at byte %I: %s", static_cast<LUAI_UACINT>(offset + 1), why);
    lua_error(L);
    __builtin_unreachable();
}

[[noreturn]] void fail(const Reader &r, const uint8_t *at, const char *why) {
    fail(r.L, static_cast<size_t>(at - r.text), at == r.end ? "the text ends too early" : why);
}

// The next token; the text's end where there is none. `at` may be `end`, which must not be read.
inline const uint8_t *take(Reader &r) { return r.text + (r.token < r.last ? *r.token++ : *r.token); }

inline uint8_t kind(const Reader &r, const uint8_t *at) { return at < r.end ? *at : 0; }

void push_unescaped(Reader &r, const uint8_t *begin, const uint8_t *close) {
    ms_block_reserve(r.L, &r.codec->scratch, static_cast<size_t>(close - begin));
    const uint8_t *wrong = nullptr;
    char *out = r.codec->scratch.bytes, *stop = json_text::unescape(begin, close, out, wrong);
    if (stop == nullptr) fail(r, wrong, "no such escape in a string");
    lua_pushlstring(r.L, out, static_cast<size_t>(stop - out));
}

// `open` is the opening quote; the token after it is next.
inline void push_string(Reader &r, const uint8_t *open) {
    const uint8_t *begin = open + 1, *close = json_text::closing_quote(open, r.text + *r.token);
    if (close == nullptr) fail(r, open, "the string does not end");
    if (r.escape < begin) {
        const void *found = std::memchr(begin, '\\', static_cast<size_t>(r.end - begin));
        r.escape = found ? static_cast<const uint8_t *>(found) : r.end;
    }
    if (r.escape < close) return push_unescaped(r, begin, close);
    lua_pushlstring(r.L, reinterpret_cast<const char *>(begin), static_cast<size_t>(close - begin));
}

void push_number(Reader &r, const uint8_t *at) {
    json_text::Number number;
    if (!json_text::read_number(at, r.text + *r.token, number)) fail(r, at, "not a number as JSON has it");
    if (number.is_integer) return lua_pushinteger(r.L, number.integer);
    if (std::isinf(number.real)) fail(r, at, "a number beyond the range of a float");
    lua_pushnumber(r.L, number.real);
}

void push_object(Reader &r, int depth, Place place);
void push_array(Reader &r, int depth, Place place);

// `depth`: how many containers are around the value.
inline void push_value(Reader &r, const uint8_t *at, int depth, Place place, bool null_is_nil) {
    const uint8_t *limit = r.text + *r.token;
    switch (kind(r, at)) {
    case '"': return push_string(r, at);
    case '{': return push_object(r, depth, place == Place::elements_list ? Place::anywhere : place);
    case '[': return push_array(r, depth, place == Place::elements_list ? place : Place::anywhere);
    case 't':
        if (!json_text::is_word(at, limit, "true")) break;
        return lua_pushboolean(r.L, 1);
    case 'f':
        if (!json_text::is_word(at, limit, "false")) break;
        return lua_pushboolean(r.L, 0);
    case 'n':
        if (!json_text::is_word(at, limit, "null")) break;
        return null_is_nil ? lua_pushnil(r.L) : ms_json_push_null(r.L);
    default:
        if (!json_text::begins_number(kind(r, at))) break;
        return push_number(r, at);
    }
    fail(r, at, "expected a value");
}

// Room for this level's table, key and value and those of the seven below.
inline void enter(Reader &r, const uint8_t *at, int depth) {
    if (depth >= maximum_depth) fail(r, at, "more than 1,000 levels deep");
    if (depth % 8 == 0) luaL_checkstack(r.L, 8 * 2 + 8, "JSON");
}

inline void set_metatable(lua_State *L, int slot) {
    lua_pushvalue(L, slot);
    lua_setmetatable(L, -2);
}

// The part of the value whose key is on the top.
inline Place place_below(Reader &r, Place place) {
    if (place != Place::root && place != Place::element) return Place::anywhere;
    const char *key = lua_tostring(r.L, -1);
    if (place == Place::root && r.field && std::strcmp(key, r.field) == 0) return Place::elements_list;
    return r.nulls && std::strcmp(key, r.nulls) == 0 ? Place::with_nulls : Place::anywhere;
}

// The names that are null in an object: where their quotes open, and a hash of all of them (FNV-1a).
struct Nulls {
    uint32_t count = 0;
    uint64_t hash = 0xcbf29ce484222325;
};

inline uint64_t mixed(uint64_t hash, uint8_t byte) { return (hash ^ byte) * 0x100000001b3; }

void note_null(Reader &r, Nulls &nulls, const uint8_t *open, const uint8_t *close) {
    ms_block_reserve(r.L, &r.codec->nulls, (nulls.count + 1) * sizeof(uint32_t));
    reinterpret_cast<uint32_t *>(r.codec->nulls.bytes)[nulls.count++] = static_cast<uint32_t>(open - r.text);
    for (const uint8_t *at = open + 1; at < close; ++at) nulls.hash = mixed(nulls.hash, *at);
    nulls.hash = mixed(nulls.hash, '"');
}

// [-0, +0, e] Remembers them for the object on the top. Records of one page have the same: their set is made once.
void keep_nulls(Reader &r, const Nulls &nulls) {
    lua_State *L = r.L;
    lua_pushvalue(L, -1);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, r.codec) != LUA_TTABLE || r.codec->nulls_hash != nulls.hash) {
        lua_pop(L, 1);
        lua_createtable(L, 0, static_cast<int>(nulls.count));
        const uint32_t *opens = reinterpret_cast<const uint32_t *>(r.codec->nulls.bytes);
        for (uint32_t i = 0; i < nulls.count; ++i) {
            const uint8_t *begin = r.text + opens[i] + 1;
            const void *close = std::memchr(begin, '"', static_cast<size_t>(r.end - begin));
            lua_pushlstring(
                L, reinterpret_cast<const char *>(begin),
                static_cast<size_t>(static_cast<const uint8_t *>(close) - begin));
            lua_pushboolean(L, 1);
            lua_rawset(L, -3);
        }
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, r.codec);
        r.codec->nulls_hash = nulls.hash;
    }
    lua_rawset(L, nulls_slot);
}

void push_object(Reader &r, int depth, Place place) {
    lua_State *L = r.L;
    Nulls nulls;
    enter(r, r.text + r.token[-1], depth);
    lua_createtable(L, 0, static_cast<int>(*r.size++));
    const uint8_t *at = take(r);
    if (kind(r, at) != '}') {
        for (;;) {
            if (kind(r, at) != '"') fail(r, at, "expected a key in quotes");
            const uint8_t *key = at;
            push_string(r, at);
            Place below = place_below(r, place);
            at = take(r);
            const uint8_t *colon = at;
            if (kind(r, at) != ':') fail(r, at, "expected a colon");
            at = take(r);
            push_value(r, at, depth + 1, below, true);
            if (place == Place::with_nulls && lua_isnil(L, -1)) {
                const uint8_t *close = json_text::closing_quote(key, colon);
                // A name with an escape is none that HubSpot has.
                if (std::memchr(key, '\\', static_cast<size_t>(close - key)) == nullptr)
                    note_null(r, nulls, key, close);
            }
            lua_rawset(L, -3);
            at = take(r);
            if (kind(r, at) == '}') break;
            if (kind(r, at) != ',') fail(r, at, "expected a comma or a closing brace");
            at = take(r);
        }
    }
    if (nulls.count > 0) keep_nulls(r, nulls);
    if (place == Place::with_nulls && lua_istable(L, bag_slot)) set_metatable(L, bag_slot);
    if (place == Place::root && lua_istable(L, root_slot)) set_metatable(L, root_slot);
    if (place == Place::element) set_metatable(L, element_slot);
}

void push_array(Reader &r, int depth, Place place) {
    lua_State *L = r.L;
    enter(r, r.text + r.token[-1], depth);
    lua_createtable(L, static_cast<int>(*r.size++), 0);
    set_metatable(L, array_slot);
    Place below = place == Place::elements_list ? Place::element : Place::anywhere;
    const uint8_t *at = take(r);
    if (kind(r, at) == ']') return;
    for (lua_Integer index = 1;; ++index) {
        push_value(r, at, depth + 1, below, false);
        lua_rawseti(L, -2, index);
        at = take(r);
        if (kind(r, at) == ']') return;
        if (kind(r, at) != ',') fail(r, at, "expected a comma or a closing bracket");
        at = take(r);
    }
}

// Counts the entries of each container. Does not check the text: where brackets do not match, the reader that follows
// fails before it would use a count that is wrong, or makes a table of a wrong size, which is no harm.
void count_entries(Reader &r) {
    struct Open {
        uint32_t which, entries;
    };
    constexpr uint32_t most = 1 << 20;  // Beyond it a table grows as it is filled: commas alone reserve no memory.
    size_t tokens = static_cast<size_t>(r.last - r.token);
    // Each closed container has two tokens; no more than maximum_depth are left open.
    ms_block_reserve(r.L, &r.codec->sizes, (tokens / 2 + maximum_depth + 1) * sizeof(uint32_t));
    uint32_t *sizes = reinterpret_cast<uint32_t *>(r.codec->sizes.bytes);
    r.size = sizes;
    Open open[maximum_depth];
    int depth = -1;
    Open now{0, 0};
    uint32_t containers = 0;
    for (const uint32_t *token = r.token; token < r.last; ++token) {
        uint8_t c = r.text[*token];
        if (c == ',') {
            ++now.entries;
        } else if (c == '{' || c == '[') {
            if (depth + 1 >= maximum_depth) return;
            if (depth >= 0) open[depth] = now;
            ++depth;
            sizes[containers] = 0;
            uint8_t next = token + 1 < r.last ? r.text[token[1]] : '}';
            now = {containers++, next == '}' || next == ']' ? 0u : 1u};
        } else if (c == '}' || c == ']') {
            if (depth < 0) return;
            sizes[now.which] = now.entries < most ? now.entries : most;
            --depth;
            if (depth >= 0) now = open[depth];
        } else if (c == 'n' && token > r.token && r.text[token[-1]] == ':' && now.entries > 0) {
            // A null field is absent. Wraps to no harm: an entry was counted before it.
            --now.entries;
        }
    }
}

int decode(lua_State *L) {
    const Call *call = static_cast<const Call *>(lua_touserdata(L, call_slot));
    ms_json *codec = call->codec;
    const ms_json_shape *shape = call->shape;
    lua_settop(L, call_slot);
    ms_json_push_array_metatable(L);
    if (shape && shape->root_metatable)
        luaL_getmetatable(L, shape->root_metatable);
    else
        lua_pushnil(L);
    if (shape && shape->elements_field && shape->elements_metatable)
        luaL_getmetatable(L, shape->elements_metatable);
    else
        lua_pushnil(L);
    ms_json_push_null_names(L);
    if (shape && shape->nulls_field && shape->nulls_metatable)
        luaL_getmetatable(L, shape->nulls_metatable);
    else
        lua_pushnil(L);

    Fault fault = codec->tokens.find(call->text, call->length);
    if (fault.out_of_memory) return luaL_error(L, "not enough memory");
    if (fault.why) fail(L, fault.offset, fault.why);

    Reader r{};
    r.L = L;
    r.codec = codec;
    r.text = call->text;
    r.end = call->text + call->length;
    r.token = codec->tokens.begin();
    r.last = r.token + codec->tokens.count();
    r.escape = r.text;
    r.field = lua_istable(L, element_slot) ? shape->elements_field : nullptr;
    r.nulls = shape ? shape->nulls_field : nullptr;
    count_entries(r);
    push_value(r, take(r), 0, Place::root, false);
    if (r.token < r.last) fail(r, r.text + *r.token, "the text goes on after its value");
    return 1;
}

}  // namespace

void ms_json_decode(lua_State *L, ms_json *codec, const char *bytes, size_t length, const ms_json_shape *shape) {
    Call call{codec, reinterpret_cast<const uint8_t *>(bytes), length, shape};
    luaL_checkstack(L, 1, "JSON");
    lua_pushnil(L);
    ms_json_protected(L, codec, &call.codec, decode, &call, 1);
}
