// The life of a codec, json.null and the metatable of arrays.
#include "json_codec.h"
#include "weak_table.h"

#include <new>

const char ms_json_null_tag = 0;
const char ms_json_list_mark = 0;
const char ms_json_infinity_mark = 0;

namespace {
// Blocks beyond this size are given back after a call.
constexpr size_t kept_size = size_t(1) << 20;
constexpr size_t kept_shape_size = size_t(1) << 16;
const char array_metatable_key = 0;
// front -> the fields behind it
const char fields_key = 0;
// decoded object -> a set of the names that were null in it
const char nulls_key = 0;

// [-0, +1, e] A table of the registry whose keys are weak; the first call makes it.
void push_kept_table(lua_State *L, const char *key) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE) return;
    lua_pop(L, 1);
    ms_push_weak_table(L, "k");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

// [-0, +(0|1), -] The table that such a table holds for the value at `index`.
bool push_behind(lua_State *L, int index, const char *key) {
    index = lua_absindex(L, index);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) != LUA_TTABLE) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushvalue(L, index);
    bool is_there = lua_rawget(L, -2) == LUA_TTABLE;
    lua_remove(L, -2);
    if (!is_there) lua_pop(L, 1);
    return is_there;
}

void release(ms_block *block) {
    if (block->bytes) block->allocate(block->context, block->bytes, block->size, 0);
    block->bytes = nullptr;
    block->size = 0;
}

void forget(ms_shape *shape) {
    release(&shape->names);
    release(&shape->text);
    shape->count = 0;
}

void trim(ms_json *codec, bool text_too) {
    codec->tokens.trim();
    ms_block *blocks[] = {&codec->sizes, &codec->scratch, &codec->members, &codec->nulls, &codec->text};
    for (ms_block *block : blocks)
        if (block->size > kept_size && (text_too || block != &codec->text)) release(block);
    for (ms_shape &shape : codec->shapes)
        if (shape.names.size + shape.text.size > kept_shape_size) forget(&shape);
}
}  // namespace

ms_json *ms_json_new(void) { return new (std::nothrow) ms_json(); }

void ms_json_free(ms_json *codec) {
    if (codec == nullptr) return;
    ms_json_free(codec->nested);
    release(&codec->sizes);
    release(&codec->scratch);
    release(&codec->text);
    release(&codec->members);
    release(&codec->nulls);
    for (ms_shape &shape : codec->shapes) forget(&shape);
    delete codec;
}

void ms_block_reserve(lua_State *L, ms_block *block, size_t size) {
    if (size <= block->size) return;
    size_t wanted = block->size < 256 ? 256 : block->size;
    while (wanted < size) {
        if (wanted > SIZE_MAX / 4) luaL_error(L, "not enough memory");
        wanted *= 2;
    }
    if (block->bytes == nullptr) block->allocate = lua_getallocf(L, &block->context);
    void *moved = block->allocate(block->context, block->bytes, block->size, wanted);
    if (moved == nullptr) {
        // As Lua does: collect, then try once more. Finalizers that come here find the codec busy.
        // A collector that was stopped stays so.
        if (lua_gc(L, LUA_GCISRUNNING, 0)) lua_gc(L, LUA_GCCOLLECT, 0);
        moved = block->allocate(block->context, block->bytes, block->size, wanted);
    }
    if (moved == nullptr) {
        // Lua raises its own memory error where it fails to find as much; it has no function to raise one.
        lua_newuserdatauv(L, wanted, 0);
        luaL_error(L, "not enough memory");
    }
    block->bytes = static_cast<char *>(moved);
    block->size = wanted;
}

void ms_json_protected(lua_State *L, ms_json *codec, ms_json **used, lua_CFunction body, void *call, int results) {
    luaL_checkstack(L, 4, "JSON");
    ms_json *own = codec;
    while (own->busy) {
        if (own->nested == nullptr) own->nested = ms_json_new();
        if (own->nested == nullptr) luaL_error(L, "not enough memory");
        own = own->nested;
    }
    own->busy = true;
    *used = own;
    lua_pushcfunction(L, body);
    lua_insert(L, -2);
    lua_pushlightuserdata(L, call);
    int status = lua_pcall(L, 2, results, 0);
    own->busy = false;
    // The caller of ms_json_encode_raw reads the text after this.
    trim(own, status != LUA_OK || results > 0);
    if (status != LUA_OK) lua_error(L);
}

void ms_json_push_null(lua_State *L) { lua_pushlightuserdata(L, const_cast<char *>(&ms_json_null_tag)); }

bool ms_json_is_null(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == &ms_json_null_tag;
}

bool ms_is_utf8(const char *bytes, size_t length) { return json_text::is_utf8(bytes, length); }

void ms_json_push_array_metatable(lua_State *L) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &array_metatable_key) == LUA_TTABLE) return;
    lua_pop(L, 1);
    luaL_newmetatable(L, MS_JSON_ARRAY);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &array_metatable_key);
}

bool ms_json_is_array(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index)) return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &array_metatable_key);
    bool is_array = lua_rawequal(L, -1, -2);
    lua_pop(L, 1);
    if (!is_array) {
        is_array = lua_rawgetp(L, -1, &ms_json_list_mark) != LUA_TNIL;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return is_array;
}

void ms_json_seal(lua_State *L) {
    luaL_checkstack(L, 4, "JSON");
    lua_newtable(L);
    int front = lua_gettop(L), fields = front - 1;
    if (lua_getmetatable(L, fields)) lua_setmetatable(L, front);
    lua_pushnil(L);
    lua_setmetatable(L, fields);
    push_kept_table(L, &fields_key);
    lua_pushvalue(L, front);
    lua_pushvalue(L, fields);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    lua_remove(L, fields);
}

bool ms_json_push_fields(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index)) return false;
    lua_pop(L, 1);
    return push_behind(L, index, &fields_key);
}

void ms_json_push_null_names(lua_State *L) { push_kept_table(L, &nulls_key); }

bool ms_json_push_nulls(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TTABLE && push_behind(L, index, &nulls_key);
}
