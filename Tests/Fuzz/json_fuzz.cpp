// Feeds bytes to JSON decoding, and what it reads to JSON encoding. scripts/fuzz builds and runs it.
//
// The first byte chooses how: over one line or several, with metatables for what is read, under which memory limit. What
// is read has to be written, what is written has to be read again as the same.
#include "ms_json.h"

#include <lauxlib.h>
#include <lua.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {
struct Memory {
    size_t used = 0, limit = 0;  // bytes; no limit where 0
};

void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    auto memory = static_cast<Memory *>(context);
    if (block == nullptr) old_size = 0;
    if (new_size == 0) {
        std::free(block);
        memory->used -= old_size;
        return nullptr;
    }
    if (memory->limit > 0 && new_size > old_size && memory->used - old_size + new_size > memory->limit) return nullptr;
    void *moved = std::realloc(block, new_size);
    if (moved != nullptr) memory->used += new_size - old_size;
    return moved;
}

struct Request {
    ms_json *codec;
    const char *bytes;
    size_t length;
    bool pretty, shaped;
};

int decode(lua_State *L) {
    auto request = static_cast<const Request *>(lua_touserdata(L, 1));
    static const ms_json_shape shape = {"fuzz.root", "results", "fuzz.element", "properties", "fuzz.properties"};
    ms_json_decode(L, request->codec, request->bytes, request->length, request->shaped ? &shape : nullptr);
    return 1;
}

int encode(lua_State *L) {
    auto request = static_cast<const Request *>(lua_touserdata(L, 2));
    ms_json_encode(L, request->codec, 1, request->pretty);
    return 1;
}

[[noreturn]] void fail(const char *what, const char *text) {
    std::fprintf(stderr, "%s: %s\n", what, text);
    std::abort();
}

// Pushes what `function` returns. An error has to begin with `expected`, or be about memory where that is limited.
bool call(
    lua_State *L, lua_CFunction function, Request *request, bool takes_value, const char *expected, bool limited) {
    lua_pushcfunction(L, function);
    if (takes_value) lua_insert(L, -2);
    lua_pushlightuserdata(L, request);
    if (lua_pcall(L, takes_value ? 2 : 1, 1, 0) == LUA_OK) return true;
    const char *message = lua_tostring(L, -1);
    if (message == nullptr) fail("an error that is no string", luaL_typename(L, -1));
    if (limited && std::strstr(message, "not enough memory") != nullptr) return false;
    if (expected == nullptr || std::strncmp(message, expected, std::strlen(expected)) != 0)
        fail("unexpected error", message);
    return false;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    uint8_t choice = data[0];
    Memory memory;
    lua_State *L = lua_newstate(allocate, &memory);
    ms_json *codec = ms_json_new();
    if (L == nullptr || codec == nullptr) std::abort();
    luaL_checkversion(L);
    luaL_newmetatable(L, "fuzz.root");
    luaL_newmetatable(L, "fuzz.element");
    ms_json_push_array_metatable(L);
    lua_settop(L, 0);
    bool limited = choice & 4;
    if (limited) memory.limit = memory.used + (choice >> 3) * 97;

    Request request = {codec, reinterpret_cast<const char *>(data + 1), size - 1, (choice & 1) != 0, (choice & 2) != 0};
    if (call(L, decode, &request, false, "invalid JSON at byte ", limited)
        && call(L, encode, &request, true, "cannot encode ", limited)) {
        size_t length;
        const char *text = lua_tolstring(L, -1, &length);
        Request again = {codec, text, length, request.pretty, request.shaped};
        if (call(L, decode, &again, false, nullptr, limited) && call(L, encode, &again, true, nullptr, limited)) {
            size_t second_length;
            const char *second = lua_tolstring(L, -1, &second_length);
            if (second_length != length || std::memcmp(text, second, length) != 0) fail("written differently", second);
        }
    }
    memory.limit = 0;
    lua_close(L);
    ms_json_free(codec);
    if (memory.used != 0) fail("memory", "not all of it was given back");
    return 0;
}
