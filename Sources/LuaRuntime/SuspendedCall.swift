/// The body of a suspending function while it runs, as a Swift task of its own.
enum SuspendedCall {
    /// Begins here and now, up to where the body waits: calls take their places in queues in the order in which scripts make
    /// them, and have taken them by the time that the Lua thread is idle.
    /// - Parameter finish: Gets the answer, on any thread.
    static func start(
        _ body: @escaping @Sendable (LuaCall) async throws -> [LuaValue], _ call: LuaCall,
        on executor: (any TaskExecutor)?, finish: @escaping @Sendable (Wait.Answer) -> Void
    ) -> Task<Void, Never> {
        Task.immediateDetached(executorPreference: executor) {
            do {
                finish(.values(try await body(call)))
            } catch {
                finish(.failure(error.luaValue(in: call.function)))
            }
        }
    }
}
