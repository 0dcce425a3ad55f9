// Lua values -> JSON text, in one pass over each table, into a buffer of the codec.
#include "json_writer.h"

#include <cmath>
#include <cstring>

using json_text::maximum_depth;
using namespace json_writer;

namespace {

struct Call {
    ms_json *codec;
    bool pretty;
    bool wants_string;
    size_t length;
};

void put_line(Writer &w, int depth) {
    size_t spaces = 2 * static_cast<size_t>(depth);
    reserve(w, spaces + 1);
    w.out[w.length++] = '\n';
    std::memset(w.out + w.length, ' ', spaces);
    w.length += spaces;
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

void put_object(Writer &w, int depth) {
    lua_State *L = w.L;
    int table = slot(depth);
    Members members(w, depth);
    put(w, '{');
    do {
        if (lua_type(L, table + 1) != LUA_TSTRING)
            fail(
                w, depth,
                lua_type(L, table + 1) == LUA_TNUMBER ? "mixed keys: numbers beside strings"
                                                      : "a key that is neither a string nor a whole number");
        if (members.count > 0) put(w, ',');
        if (w.pretty) put_line(w, depth + 1);
        members.begin_member(w, table + 1);
        put(w, ": ", w.pretty ? 2 : 1);
        put_value(w, depth + 1);
        members.end_member(w);
        lua_settop(L, table + 1);
    } while (lua_next(L, table));
    members.arrange(w);
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
