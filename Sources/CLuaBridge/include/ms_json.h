// JSON <-> Lua values, with no tree between. Everything here that takes a lua_State and may raise (mark e) is called
// from C that runs protected, with no Swift frame between it and the protection.
//
// Reading: whole numbers of 64 bits become integers (`-0` is 0), all others floats, and an error beyond a double's range,
// since infinity could not be written again.
// null is absent (nil) as a field of an object, and json.null in an array or alone. Of doubled keys the last wins.
// Every array carries the array metatable, so that it stays an array when it is emptied. A lone surrogate escape
// becomes U+FFFD. A byte order mark is passed over. At most 1,000 levels.
//
// Writing: keys exactly 1..n make an array, all strings an object; an empty table is {} unless it carries the array
// metatable, or one that is marked so (see ms_json_list_mark). Members stand in the order of their keys' bytes, so the same
// value always gives the same text. Integers are exact, floats the shortest text that reads back the same and as a float
// (1.0). No metamethod is called.
#pragma once

#include <lua5.4/lua.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The parser and the buffers of one Lua state. Not for two threads at once.
typedef struct ms_json ms_json;

/// Null where there is no memory.
ms_json *ms_json_new(void);

/// Gives everything back. Its buffers come from the state's allocator (so that they count against the memory limit):
/// call it while that allocator can still be called, before or after lua_close.
void ms_json_free(ms_json *codec);

/// Metatables for decoded values, by their names in the registry (as luaL_newmetatable keeps them); each may be NULL,
/// and a name that is not registered is passed over.
typedef struct {
    const char *root_metatable;      // of the root, where that is an object
    const char *elements_field;      // the field of the root object that holds a list
    const char *elements_metatable;  // of each object in that list
    const char *nulls_field;         // the field of the root and of each element whose null members are remembered
    const char *nulls_metatable;     // of the object in that field
} ms_json_shape;

/// [-0, +1, e] Pushes the value of a JSON text. Raises a string: `invalid JSON at byte N: why`, N counted from 1.
/// `shape` may be NULL. `bytes` must stay as they are until it returns.
void ms_json_decode(lua_State *L, ms_json *codec, const char *bytes, size_t length, const ms_json_shape *shape);

/// [-0, +1, e] Pushes the JSON text of the value at `index`. `pretty`: over several lines, indented by two spaces.
/// Raises a string that names the place: `cannot encode $.fields[3].x: why`.
void ms_json_encode(lua_State *L, ms_json *codec, int index, bool pretty);

/// [-0, +0, e] As ms_json_encode, without a Lua string: `*text` points into the codec until its next call. Returns the
/// length.
size_t ms_json_encode_raw(lua_State *L, ms_json *codec, int index, bool pretty, const char **text);

/// [-0, +(0|1), -] Pushes a set of the names that were null in the object that the table was decoded from, and returns true;
/// false, and nothing, where none was, or nothing is remembered of the table. The set is shared with other tables. Needs three
/// free stack slots.
bool ms_json_push_nulls(lua_State *L, int index);

/// [-0, +1, -] json.null.
void ms_json_push_null(lua_State *L);
/// [-0, +0, -]
bool ms_json_is_null(lua_State *L, int index);
// Whether the bytes are UTF-8. Touches no state.
bool ms_is_utf8(const char *bytes, size_t length);

/// The registry's name for the metatable of arrays.
#define MS_JSON_ARRAY "json.array"
/// [-0, +1, m] Pushes that metatable; the first call makes it.
void ms_json_push_array_metatable(lua_State *L);
/// [-0, +0, -] Whether the value is a table that carries it. Needs two free stack slots.
bool ms_json_is_array(lua_State *L, int index);

/// Marks that a metatable carries under these addresses, for tables that stay ordinary ones to a script: an empty table is a
/// list all the same; an infinite number in it is written as null.
extern const char ms_json_list_mark;
extern const char ms_json_infinity_mark;

/// [-1, +1, m] Puts an empty table in front of the one on top, and moves its metatable there: the fields are out of a
/// script's reach, and are written as if they were the front's.
void ms_json_seal(lua_State *L);
/// [-0, +(0|1), -] Pushes the fields behind a sealed table and returns true; false, and nothing, for any other value. Needs
/// three free stack slots.
bool ms_json_push_fields(lua_State *L, int index);

/// json.null is the light userdata of this address.
extern const char ms_json_null_tag;

#ifdef __cplusplus
}
#endif
