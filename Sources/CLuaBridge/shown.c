// The texts of results that are to be printed: __tostring and __name of the values that a chunk returned and of
// the values in them, and the first elements of iterators. Asked within the task, before it ends: a __tostring may fail, wait for HubSpot or run on until it is stopped.
#include "bridge_internal.h"

const char ms_texts_key = 0;
// iterator -> its view: see ms_open_views
static const char ms_views_key = 0;

// The stack of a task that is being described: three tables, and its results above them.
enum { texts_slot = 1, names_slot, asked_slot, slots = asked_slot };
// A value beyond these is shown without having been asked.
enum { most_tables = 100000, most_entries = 10000, most_asked = 10000 };

typedef struct {
    int seen, queue;
    lua_Integer queued, asked;
} walk;

// [-0, +0, e] Notes the text of the value at `index`, and queues a table whose contents are shown.
static void consider(lua_State *L, walk *at, int index) {
    index = lua_absindex(L, index);
    int type = lua_type(L, index);
    if (type != LUA_TTABLE && type != LUA_TUSERDATA) return;
    lua_pushvalue(L, index);
    if (lua_rawget(L, at->seen) != LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    lua_pop(L, 1);
    lua_pushvalue(L, index);
    lua_pushboolean(L, 1);
    lua_rawset(L, at->seen);
    bool is_ours = ms_metatable_name(L, index) != NULL;  // records, pages, errors: the host knows how they are shown
    if (!is_ours && luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        if (at->asked >= most_asked) return;
        lua_pushvalue(L, index);
        lua_rawseti(L, asked_slot, ++at->asked);
        return;
    }
    if (!is_ours && luaL_getmetafield(L, index, "__name") != LUA_TNIL) {
        lua_pushvalue(L, index);
        lua_insert(L, -2);
        if (lua_type(L, -1) == LUA_TSTRING) {
            lua_rawset(L, names_slot);
        } else {
            lua_pop(L, 2);
        }
    }
    if (type == LUA_TTABLE && at->queued < most_tables) {
        lua_pushvalue(L, index);
        lua_rawseti(L, at->queue, ++at->queued);
    }
}

// [-0, +0, e] Has the iterator at `index` asked for elements where it has a view, or notes the name of a declared function.
static void consider_function(lua_State *L, walk *at, int index, ms_showing showing) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_views_key);
    lua_pushvalue(L, index);
    bool has_view = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 2);
    if (has_view && showing.rows != 0) {
        lua_pushvalue(L, index);
        lua_rawseti(L, asked_slot, ++at->asked);
    } else if (showing.texts && ms_push_declared_name(L, index)) {
        lua_pushfstring(L, "function: %s", lua_tostring(L, -1));
        lua_pushvalue(L, index);
        lua_insert(L, -2);
        lua_rawset(L, texts_slot);
        lua_pop(L, 1);
    }
}

// [-0, +0, e] Goes through the results, the nearest first. Runs no code of the script's, so no table changes under it.
static void collect(lua_State *L, ms_showing showing) {
    int last = lua_gettop(L);
    luaL_checkstack(L, 16, "too many results");
    lua_newtable(L);
    lua_newtable(L);
    walk at = {last + 1, last + 2, 0, 0};
    for (int index = slots + 1; index <= last; index++) {
        if (lua_type(L, index) == LUA_TFUNCTION) consider_function(L, &at, index, showing);
        if (showing.texts) consider(L, &at, index);
    }
    for (lua_Integer head = 1; head <= at.queued; head++) {
        lua_rawgeti(L, at.queue, head);
        lua_pushnil(L);
        for (int entries = 0; lua_next(L, -2) != 0; entries++) {
            consider(L, &at, -2);
            consider(L, &at, -1);
            lua_pop(L, 1);
            if (entries < most_entries) continue;
            lua_pop(L, 1);
            break;
        }
        lua_pop(L, 1);
    }
    lua_settop(L, last);
}

// [-1, +0, e] Keeps the result or the error of the __tostring of the object asked at `place`; of an iterator, its elements.
static void keep_text(lua_State *L, int status, lua_Integer place) {
    if (ms_state_of(L)->stop != MS_GO_ON) ms_raise_stop(L);
    bool is_fine = status == LUA_OK || status == LUA_YIELD;
    bool is_iterator = lua_rawgeti(L, asked_slot, place) == LUA_TFUNCTION;
    lua_insert(L, -2);
    if (is_iterator) {
        if (!is_fine) lua_error(L);  // it would have failed in a loop as well
    } else if (is_fine && !lua_isstring(L, -1)) {
        lua_pop(L, 1);
        lua_pushliteral(L, "<its __tostring returns no string>");
    } else if (!is_fine) {
        const char *why = lua_isstring(L, -1) ? lua_tostring(L, -1) : luaL_typename(L, -1);
        lua_pushfstring(L, "<its __tostring fails: %s>", why);
        lua_remove(L, -2);
    }
    if (!is_iterator) lua_tostring(L, -1);  // a number becomes its text
    lua_rawset(L, texts_slot);
}

static int ask_from(lua_State *L, lua_Integer place);

static int text_returned(lua_State *L, int status, lua_KContext place) {
    keep_text(L, status, (lua_Integer)place);
    return ask_from(L, (lua_Integer)place + 1);
}

// [-1, +1+n, e] In place of the object, the function that describes it and its arguments. Returns their number.
static int push_question(lua_State *L) {
    if (lua_type(L, -1) == LUA_TFUNCTION) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_views_key);
        lua_insert(L, -2);
        lua_rawget(L, -2);
        lua_remove(L, -2);
        lua_rawgeti(L, asked_slot, 0);   // how many elements
        lua_rawgeti(L, asked_slot, -1);  // whether those behind the ones that were asked for
        return 2;
    }
    if (luaL_getmetafield(L, -1, "__tostring") == LUA_TNIL)
        lua_pushnil(L);  // another object has taken it away: the call fails
    lua_insert(L, -2);
    return 1;
}

// [-0, +n, v] Asks the objects from `place` on; in the end the results are on top. Returns their number.
static int ask_from(lua_State *L, lua_Integer place) {
    for (;; place++) {
        luaL_checkstack(L, 5, "too many results");
        if (lua_rawgeti(L, asked_slot, place) == LUA_TNIL) break;
        int arguments = push_question(L);
        int status = lua_pcallk(L, arguments, 1, 0, (lua_KContext)place, text_returned);
        keep_text(L, status, place);
    }
    lua_pop(L, 1);
    return lua_gettop(L) - slots;
}

int ms_describe_results(lua_State *L, ms_showing showing) {
    luaL_checkstack(L, 8, "too many results");
    for (int slot = 1; slot <= slots; slot++) lua_newtable(L);
    lua_rotate(L, 1, slots);
    if (showing.rows >= 0)
        lua_pushinteger(L, showing.rows);
    else
        lua_pushnil(L);
    lua_rawseti(L, asked_slot, 0);
    lua_pushboolean(L, showing.passes);
    lua_rawseti(L, asked_slot, -1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_texts_key);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, texts_slot);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, names_slot);
    lua_rawseti(L, -2, 2);
    lua_rawsetp(L, -2, L);
    lua_pop(L, 1);
    collect(L, showing);
    return ask_from(L, 1);
}

// primitives.described(texts, rows, ...): its further arguments, asked as the results of a task are. The call that is made next in the same coroutine reads what they gave.
static int described(lua_State *L) {
    ms_showing showing = {lua_toboolean(L, 1) != 0, luaL_checkinteger(L, 2), false};
    lua_remove(L, 1);
    lua_remove(L, 1);
    return ms_describe_results(L, showing);
}

void ms_push_texts(lua_State *thread) {
    lua_rawgetp(thread, LUA_REGISTRYINDEX, &ms_texts_key);
    if (lua_rawgetp(thread, -1, thread) != LUA_TTABLE) {
        lua_pop(thread, 2);
        lua_pushnil(thread);
        lua_pushnil(thread);
        return;
    }
    lua_rawgeti(thread, -1, 1);
    lua_rawgeti(thread, -2, 2);
    lua_remove(thread, -3);
    lua_remove(thread, -3);
}

void ms_drop_texts(lua_State *thread) {
    lua_rawgetp(thread, LUA_REGISTRYINDEX, &ms_texts_key);
    lua_pushnil(thread);
    lua_rawsetp(thread, -2, thread);  // nil under a new key is not entered
    lua_pop(thread, 1);
}

// primitives.views: iterator -> a function of a number, which answers a table of so many elements that are still to come, and
// leaves them to come. Where its second argument is true, those that it answered before have passed first.
void ms_open_views(lua_State *L) {
    ms_push_weak_table(L, "k");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_views_key);
    lua_setfield(L, -2, "views");
    lua_pushcfunction(L, described);
    lua_setfield(L, -2, "described");
}

void ms_open_texts(lua_State *L) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_texts_key);
}
