// Replies from Swift: a message's bytes become Lua values here, after Swift has returned.
#include "bridge_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *at, *end;
} reader;

static void need(lua_State *L, const reader *in, size_t size) {
    if ((size_t)(in->end - in->at) < size) luaL_error(L, "a message of the host is cut short");
}

static uint64_t read_number(lua_State *L, reader *in, size_t size) {
    uint64_t number = 0;
    need(L, in, size);
    memcpy(&number, in->at, size);
    in->at += size;
    return number;
}

typedef struct {
    const char *bytes;
    size_t length;
} text;

static text read_bytes(lua_State *L, reader *in, size_t length) {
    need(L, in, length);
    text found = {(const char *)in->at, length};
    in->at += length;
    return found;
}

static text read_text(lua_State *L, reader *in) { return read_bytes(L, in, read_number(L, in, 8)); }

// [-0, +1, e] The registered name as a C string that lives as long as it is on the stack; NULL where it is empty.
static const char *push_name(lua_State *L, reader *in) {
    text name = read_text(L, in);
    lua_pushlstring(L, name.bytes, name.length);
    return name.length == 0 ? NULL : lua_tostring(L, -1);
}

static void push_value(lua_State *L, reader *in);

static void push_table(lua_State *L, reader *in) {
    uint32_t list = (uint32_t)read_number(L, in, 4), fields = (uint32_t)read_number(L, in, 4);
    uint64_t flags = read_number(L, in, 1);
    text metatable = read_text(L, in);
    luaL_checkstack(L, 6, "a value is nested too deeply");
    lua_createtable(L, list > INT_MAX ? INT_MAX : (int)list, fields > INT_MAX ? INT_MAX : (int)fields);
    if (metatable.length > 0) {
        lua_pushlstring(L, metatable.bytes, metatable.length);
        lua_rawget(L, LUA_REGISTRYINDEX);
        if (lua_istable(L, -1)) {
            lua_setmetatable(L, -2);
        } else {
            lua_pop(L, 1);
        }
    } else if (flags & MS_TABLE_IS_ARRAY) {
        ms_json_push_array_metatable(L);
        lua_setmetatable(L, -2);
    }
    for (uint32_t i = 1; i <= list; i++) {
        push_value(L, in);
        lua_rawseti(L, -2, i);
    }
    for (uint32_t i = 0; i < fields; i++) {
        push_value(L, in);
        push_value(L, in);
        if (lua_isnil(L, -2)) {  // a function, say, which does not come back from Swift
            lua_pop(L, 2);
        } else {
            lua_rawset(L, -3);
        }
    }
    if (flags & MS_TABLE_IS_SEALED) ms_json_seal(L);
}

typedef struct {
    text json;
    ms_json_shape shape;
} document;

static int decode_document(lua_State *L) {
    document *in = lua_touserdata(L, 1);
    ms_json_decode(L, ms_state_of(L)->json, in->json.bytes, in->json.length, &in->shape);
    return 1;
}

// [-1, +0, v] Raises the reason why a document was not decoded: the server's fault, unless memory is short.
static void refuse_document(lua_State *L, int status) {
    if (status == LUA_ERRMEM || lua_type(L, -1) != LUA_TSTRING) lua_error(L);
    lua_pushfstring(L, "the server's answer is no JSON: %s", lua_tostring(L, -1));
    ms_make_error(L, "bad_response");
    ms_add_position(L);
    lua_error(L);
}

static void push_document(lua_State *L, reader *in) {
    luaL_checkstack(L, 8, "a value is nested too deeply");
    document found;
    found.shape.root_metatable = push_name(L, in);
    found.shape.elements_field = push_name(L, in);
    found.shape.elements_metatable = push_name(L, in);
    found.shape.nulls_field = push_name(L, in);
    found.shape.nulls_metatable = push_name(L, in);
    found.json = read_bytes(L, in, read_number(L, in, 8));
    lua_pushcfunction(L, decode_document);
    lua_pushlightuserdata(L, &found);
    int status = lua_pcall(L, 1, 1, 0);
    if (status != LUA_OK) refuse_document(L, status);
    lua_insert(L, -6);
    lua_pop(L, 5);
}

typedef struct {
    text name;
    int64_t function;
    text body;
} entry;

static entry read_entry(lua_State *L, reader *in) {
    entry read;
    read.name = read_text(L, in);
    read.function = (int64_t)read_number(L, in, 8);
    read.body = read_text(L, in);
    return read;
}

static void read_name_and_function(lua_State *L, entry e, int bodies) {
    lua_pushlstring(L, e.name.bytes, e.name.length);
    if (e.body.length == 0) {
        ms_push_function(L, e.function, false);
        return;
    }
    lua_pushlstring(L, e.body.bytes, e.body.length);
    lua_rawget(L, bodies);
    if (!lua_isfunction(L, -1)) luaL_error(L, "a module's prelude lacks the body '%s'", lua_tostring(L, -3));
    ms_push_checked_function(L, e.function);
}

// Runs the prelude with the module and the primitives, leaving the table of bodies at `bodies`.
static void run_prelude(lua_State *L, text name, text prelude, int module, int primitives, int bodies) {
    lua_pushfstring(L, "=moonspot:%s", lua_pushlstring(L, name.bytes, name.length));
    if (luaL_loadbufferx(L, prelude.bytes, prelude.length, lua_tostring(L, -1), "t") != LUA_OK) lua_error(L);
    lua_getfield(L, LUA_REGISTRYINDEX, MS_PRELUDE_GLOBALS);
    lua_setupvalue(L, -2, 1);
    lua_pushvalue(L, module);
    lua_pushvalue(L, primitives);
    lua_call(L, 2, 1);
    if (!lua_istable(L, -1)) luaL_error(L, "a module's prelude returns no table");
    lua_replace(L, bodies);
    lua_pop(L, 2);
}

static void push_module(lua_State *L, reader *in) {
    luaL_checkstack(L, 16, "a value is nested too deeply");
    text key = read_text(L, in);
    text name = read_text(L, in);
    lua_newtable(L);
    int module = lua_gettop(L);
    lua_newtable(L);
    lua_newtable(L);
    int bodies = module + 1, primitives = module + 2;
    bool has_index = read_number(L, in, 1) != 0;
    int64_t index = has_index ? (int64_t)read_number(L, in, 8) : 0;
    text prelude = read_text(L, in);
    uint32_t functions = (uint32_t)read_number(L, in, 4);
    reader after = *in;  // the functions wait for the primitives and the prelude
    for (uint32_t i = 0; i < functions; i++) read_entry(L, in);
    uint32_t count = (uint32_t)read_number(L, in, 4);
    if (prelude.length > 0) {
        for (uint32_t i = 0; i < count; i++) {
            read_name_and_function(L, read_entry(L, in), bodies);
            lua_rawset(L, primitives);
        }
        lua_newtable(L);
        lua_getfield(L, LUA_REGISTRYINDEX, MS_PRIMITIVES);
        lua_setfield(L, -2, "__index");
        lua_setmetatable(L, primitives);
        run_prelude(L, name, prelude, module, primitives, bodies);
    }
    for (uint32_t i = 0; i < functions; i++) {
        read_name_and_function(L, read_entry(L, &after), bodies);
        lua_rawset(L, module);
    }
    lua_settop(L, module);
    if (has_index) {
        lua_newtable(L);
        ms_push_index(L, index);
        lua_setfield(L, -2, "__index");
        ms_push_new_index(L, index);
        lua_setfield(L, -2, "__newindex");
        ms_push_pairs(L, index);
        lua_setfield(L, -2, "__pairs");
        lua_pushlstring(L, name.bytes, name.length);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, -3, &ms_module_name_key);
        lua_setfield(L, -2, "__name");
        lua_setmetatable(L, module);
    }
    lua_getfield(L, LUA_REGISTRYINDEX, MS_MODULES);
    lua_pushlstring(L, key.bytes, key.length);
    lua_pushvalue(L, module);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    // require finds a global one too.
    if (key.length == name.length && memchr(name.bytes, '.', name.length) == NULL) {
        lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
        lua_pushlstring(L, name.bytes, name.length);
        lua_pushvalue(L, module);
        lua_rawset(L, -3);
        lua_pop(L, 1);
    }
}

static void push_value(lua_State *L, reader *in) {
    luaL_checkstack(L, 2, "a value is nested too deeply");
    switch ((ms_tag)read_number(L, in, 1)) {
    case MS_NIL: lua_pushnil(L); return;
    case MS_FALSE: lua_pushboolean(L, 0); return;
    case MS_TRUE: lua_pushboolean(L, 1); return;
    case MS_INTEGER: lua_pushinteger(L, (lua_Integer)read_number(L, in, 8)); return;
    case MS_NUMBER: {
        uint64_t bits = read_number(L, in, 8);
        lua_Number number;
        memcpy(&number, &bits, sizeof number);
        lua_pushnumber(L, number);
        return;
    }
    case MS_STRING: {
        text string = read_text(L, in);
        lua_pushlstring(L, string.bytes, string.length);
        return;
    }
    case MS_JSON_NULL: ms_json_push_null(L); return;
    case MS_TABLE: push_table(L, in); return;
    case MS_DOCUMENT: push_document(L, in); return;
    case MS_FUNCTION: {
        int64_t function = (int64_t)read_number(L, in, 8);
        ms_push_function(L, function, read_number(L, in, 1) != 0);
        return;
    }
    case MS_MODULE: {
        text key = read_text(L, in);
        lua_getfield(L, LUA_REGISTRYINDEX, MS_MODULES);
        lua_pushlstring(L, key.bytes, key.length);
        lua_rawget(L, -2);
        lua_remove(L, -2);
        return;
    }
    case MS_MODULE_DEFINITION: push_module(L, in); return;
    }
    luaL_error(L, "a message of the host is damaged");
}

static int push_all(lua_State *L) {
    reader *in = lua_touserdata(L, 1);
    lua_settop(L, 0);
    while (in->at < in->end) push_value(L, in);
    return lua_gettop(L);
}

int ms_push_message(lua_State *L, ms_message message) {
    if (message.length == 0) {
        free(message.bytes);
        return 0;
    }
    reader in = {message.bytes, message.bytes + message.length};
    int below = lua_gettop(L);
    if (!lua_checkstack(L, 3)) {
        free(message.bytes);
        return luaL_error(L, "stack overflow");
    }
    lua_pushcfunction(L, push_all);
    lua_pushlightuserdata(L, &in);
    int status = lua_pcall(L, 1, LUA_MULTRET, 0);
    free(message.bytes);
    if (status != LUA_OK) lua_error(L);
    return lua_gettop(L) - below;
}

int ms_finish_answer(lua_State *L, int status, lua_KContext token) {
    (void)status;
    ms_state *state = ms_state_of(L);
    return ms_finish(L, state->host.answer(state->host.context, L, (uint64_t)token));
}

static int body_returned(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    return lua_gettop(L);
}

// [-?, +?, v] Carries out a reply. Every Swift frame has returned by now: the jumps skip C frames only.
int ms_finish(lua_State *L, ms_reply reply) {
    switch (reply.outcome) {
    case MS_RETURN: return ms_push_message(L, reply.message);
    case MS_RAISE:
        if (ms_push_message(L, reply.message) != 1) return luaL_error(L, "the host raised nothing");
        ms_add_position(L);
        return lua_error(L);
    case MS_SUSPEND: lua_settop(L, 0); return ms_suspend(L, reply.token, ms_finish_answer);
    case MS_PROCEED:
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_insert(L, 1);
        lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, body_returned);
        return body_returned(L, LUA_OK, 0);
    case MS_STOPPED: return ms_raise_stop(L);
    }
    return luaL_error(L, "unknown outcome %d", (int)reply.outcome);
}
