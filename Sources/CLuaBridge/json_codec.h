// Declarations that json.cpp, json_decode.cpp and the writer (json_writer.h) share. C++ inside; no other file includes this.
//
// Every frame that calls Lua here holds plain values only: Lua raises by longjmp, which runs no destructor. Memory that must
// outlive an error belongs to ms_json.
#pragma once

#include "json_text.hpp"
#include "ms_json.h"

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>

/// Memory from the state's allocator, kept between calls. Its contents do not outlive a call.
struct ms_block {
    char *bytes;
    size_t size;
    lua_Alloc allocate;
    void *context;
};

/// The names of the object that was written last at some depth, and the order of their members in the text. The next
/// object there nearly always has the same ones, in the same order of `lua_next`: a list holds records of one kind.
struct ms_shape {
    ms_block names{};  // a Name (json_members.cpp) for each member
    ms_block text{};   // the names as they are written, quotes included
    size_t count = 0;  // of names; 0 where none are known
    bool is_sorted = false;
};

struct ms_json {
    static constexpr int shaped_depths = 8;

    json_text::Tokens tokens;
    ms_block sizes{};    // decoding: the number of entries of each container, in the order of their opening brackets
    ms_block scratch{};  // decoding: a string without its escapes
    ms_block text{};     // encoding: the text so far
    ms_block members{};  // encoding: where the members of the open objects lie in the text
    ms_shape shapes[shaped_depths];  // encoding: by depth
    ms_block nulls{};                // decoding: where the names of the null members of one object lie in the text
    uint64_t nulls_hash = 0;  // of the names of the set that was made last, which the registry holds under this address
    const void *open[json_text::maximum_depth];  // encoding: the tables around the place
    bool busy = false;
    ms_json *nested = nullptr;  // for a finalizer that runs within a call and comes here again
};

/// [-0, +0, e] Makes the block at least `size` bytes large; keeps its bytes.
void ms_block_reserve(lua_State *L, ms_block *block, size_t size);

/// [-0, +1, e] The weak table of the decoded objects whose nulls are remembered.
void ms_json_push_null_names(lua_State *L);

/// [-1, +results, e] Runs `body` protected, with two arguments: the value on top of the stack, and `call` as a light
/// userdata. `*used` is the codec that it is to use: `codec`, or the one nested in it where that is busy.
void ms_json_protected(lua_State *L, ms_json *codec, ms_json **used, lua_CFunction body, void *call, int results);
