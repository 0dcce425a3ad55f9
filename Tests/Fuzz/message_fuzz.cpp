// Feeds bytes to the reader of the host's messages, which makes Lua values of what Swift answers. scripts/fuzz builds and
// runs it.
//
// The first byte chooses the memory limit. The state is an untrusted one, since a message may hold Lua code to run.
extern "C" {
#include "bridge.h"
}

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {
ms_host make_host() {
    ms_host host = {};
    host.call = [](void *, lua_State *, int64_t) { return ms_reply{MS_RETURN, ms_message{nullptr, 0}, 0}; };
    host.answer = [](void *, lua_State *, uint64_t) { return ms_reply{MS_RETURN, ms_message{nullptr, 0}, 0}; };
    host.wait = [](void *, lua_State *, uint64_t) {};
    host.spawned = [](void *, lua_State *, int, bool) { return uint64_t(1); };
    host.await = [](void *, uint64_t, double, bool) { return uint64_t(0); };
    host.cancel = [](void *, uint64_t) {};
    host.sleep = [](void *, double) { return uint64_t(1); };
    host.deadline = [](void *, uint64_t, double) {};
    host.late = [](void *, uint64_t) { return false; };
    host.failed = [](void *, uint64_t) { return false; };
    host.forget = [](void *, uint64_t) {};
    host.drop = [](void *, int64_t) {};
    host.exit = [](void *, int, bool) {};
    host.poll = [](void *) { return MS_GO_ON; };
    return host;
}

// Code in a message may loop for ever.
void end_loop(lua_State *L, lua_Debug *) { luaL_error(L, "too long"); }
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    // Room enough for what a message of this size may rightly ask for, and a bound for what it may wrongly.
    size_t limit = (size_t(1) << 20) + data[0] * size_t(997);
    ms_state *state = ms_open(make_host(), limit, true);
    if (state == nullptr) std::abort();
    ms_message message = {static_cast<uint8_t *>(std::malloc(size)), size - 1};
    std::memcpy(message.bytes, data + 1, size - 1);
    lua_State *L = ms_main(state);
    lua_sethook(L, end_loop, LUA_MASKCOUNT, 10000);
    int height = lua_gettop(L);
    int status = ms_set_global(state, "message", message);
    if (lua_gettop(L) != height + (status == LUA_OK ? 0 : 1)) {
        std::fprintf(stderr, "the stack is %d values high instead of %d\n", lua_gettop(L), height);
        std::abort();
    }
    ms_close(state);
    return 0;
}
