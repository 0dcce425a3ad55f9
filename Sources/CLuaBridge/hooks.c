// debug.sethook and debug.gethook as ldblib.c has them (Lua 5.4), in one C function each: a call of Lua's own from within ours
// would be an event that the script's hook sees. A stop that was signalled meanwhile stays armed.
#include "bridge_internal.h"

#include <string.h>

// The registry's table of the scripts' hooks, under Lua's own name: coroutine -> function, weakly.
static const char hooks_name[] = "_HOOKKEY";

// The hook of every coroutine that has one of the script's.
static void call_script_hook(lua_State *L, lua_Debug *event) {
    static const char *const names[] = {"call", "return", "line", "count", "tail call"};
    lua_getfield(L, LUA_REGISTRYINDEX, hooks_name);
    lua_pushthread(L);
    if (lua_rawget(L, -2) != LUA_TFUNCTION) return;
    lua_pushstring(L, names[event->event]);
    if (event->currentline >= 0) {
        lua_pushinteger(L, event->currentline);
    } else {
        lua_pushnil(L);
    }
    lua_call(L, 2, 0);
}

static int mask_of(const char *text, int count) {
    int mask = 0;
    if (strchr(text, 'c') != NULL) mask |= LUA_MASKCALL;
    if (strchr(text, 'r') != NULL) mask |= LUA_MASKRET;
    if (strchr(text, 'l') != NULL) mask |= LUA_MASKLINE;
    if (count > 0) mask |= LUA_MASKCOUNT;
    return mask;
}

// [-0, +1, e] Pushes the other thread itself, which may have no room on its stack for it.
static void push_thread(lua_State *L, lua_State *other) {
    if (L != other && !lua_checkstack(other, 1)) luaL_error(L, "stack overflow");
    lua_pushthread(other);
    lua_xmove(other, L, 1);
}

// sethook([thread,] hook, mask [, count])
static int set_hook(lua_State *L) {
    ms_state *state = ms_state_of(L);
    int before_hook = lua_isthread(L, 1) ? 1 : 0;
    lua_State *target = before_hook == 1 ? lua_tothread(L, 1) : L;
    lua_Hook hook = NULL;
    int mask = 0, count = 0;
    if (lua_isnoneornil(L, before_hook + 1)) {
        lua_settop(L, before_hook + 1);
    } else {
        const char *text = luaL_checkstring(L, before_hook + 2);
        luaL_checktype(L, before_hook + 1, LUA_TFUNCTION);
        count = (int)luaL_optinteger(L, before_hook + 3, 0);
        hook = call_script_hook;
        mask = mask_of(text, count);
    }
    lua_getfield(L, LUA_REGISTRYINDEX, hooks_name);
    push_thread(L, target);
    lua_pushvalue(L, before_hook + 1);
    lua_rawset(L, -3);
    sigset_t before;
    ms_hold_signal(&before);  // it would find a hook half set
    lua_sethook(target, hook, mask, count);
    ms_release_signal(&before);
    if (ms_is_signalled(state) || state->stop != MS_GO_ON) ms_arm(state, L);
    return 0;
}

// gethook([thread])
static int get_hook(lua_State *L) {
    lua_State *target = lua_isthread(L, 1) ? lua_tothread(L, 1) : L;
    lua_Hook hook = lua_gethook(target);
    if (hook == NULL) {
        luaL_pushfail(L);
        return 1;
    }
    if (hook != call_script_hook) {
        lua_pushliteral(L, "external hook");
    } else {
        lua_getfield(L, LUA_REGISTRYINDEX, hooks_name);
        push_thread(L, target);
        lua_rawget(L, -2);
        lua_remove(L, -2);
    }
    int mask = lua_gethookmask(target);
    char text[4];
    size_t length = 0;
    if (mask & LUA_MASKCALL) text[length++] = 'c';
    if (mask & LUA_MASKRET) text[length++] = 'r';
    if (mask & LUA_MASKLINE) text[length++] = 'l';
    lua_pushlstring(L, text, length);
    lua_pushinteger(L, lua_gethookcount(target));
    return 3;
}

void ms_open_hooks(lua_State *L) {
    lua_newtable(L);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_pushvalue(L, -1);
    lua_setmetatable(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, hooks_name);
    if (lua_getglobal(L, LUA_DBLIBNAME) == LUA_TTABLE && lua_getfield(L, -1, "sethook") == LUA_TFUNCTION) {
        static const luaL_Reg functions[] = {{"sethook", set_hook}, {"gethook", get_hook}, {NULL, NULL}};
        lua_pop(L, 1);
        luaL_setfuncs(L, functions, 0);
    }
}
