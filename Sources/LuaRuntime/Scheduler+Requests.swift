import CLuaBridge

/// What ``LuaRuntime``'s functions do once their letter has reached the Lua thread.
extension Scheduler {
    private var main: OpaquePointer { ms_main(state) }

    /// Makes the modules globals, in order.
    func installModules() -> LuaFailure? {
        for module in options.modules {
            if let failure = setGlobal(module.name, .module(module)) { return failure }
        }
        return nil
    }

    func run(
        _ chunk: LuaChunk, arguments: [LuaValue], snapshot: LuaRuntime.SnapshotLimit,
        _ answer: @escaping (Result<[LuaValue], LuaFailure>) -> Void
    ) {
        var count: Int32 = 0
        var status: Int32 = 0
        let kind = chunk.kind == .script ? MS_CHUNK_SCRIPT : MS_CHUNK_EXPRESSION
        let message = message(arguments)
        let thread = chunk.source.withUnsafeBytes { source in
            ms_load(
                state, source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count, chunk.name, kind, message,
                &count, &status)
        }
        guard let thread else {
            let message = popMessage()
            let cause: LuaFailure.Cause = status == LUA_ERRSYNTAX ? .syntax : status == LUA_ERRMEM ? .memory : .raised
            answer(.failure(LuaFailure(value: .string(message), message: message, cause: cause)))
            return
        }
        let task = add(thread: thread, arguments: count, isTyped: chunk.kind == .typed, parent: nil)
        task.hasHandle = false
        task.onEnd = { [unowned self] task in
            if let failure = task.failure { return answer(.failure(failure)) }
            if chunk.kind == .typed { ms_keep_result(state, thread, "_") }
            answer(results(of: task, snapshot: snapshot))
        }
    }

    private func results(of task: LuaTask, snapshot: LuaRuntime.SnapshotLimit) -> Result<[LuaValue], LuaFailure> {
        let reader = StackReader(L: task.thread, limit: snapshot)
        do {
            var values: [LuaValue] = []
            for index in stride(from: Int32(1), through: reader.count, by: 1) {
                values.append(try printable(reader, index))
            }
            return .success(values)
        } catch {
            return .failure(LuaFailure(value: "", message: "a result is nested too deeply to be shown"))
        }
    }

    /// What prints by itself (`__tostring`, `__name`) is shown as it prints.
    private func printable(_ reader: StackReader, _ index: Int32) throws -> LuaValue {
        let value = try reader.value(index)
        switch value {
        case .opaque(let type, _) where type == "userdata":
            let text = ms_tostring(state, reader.L, index, false) == LUA_OK ? StackReader(L: main).string(-1) : nil
            ms_pop(main, 1)
            return text.map { .opaque(type: type, description: $0) } ?? value
        default: return value
        }
    }

    /// Takes a message off the main thread's stack.
    private func popMessage() -> String {
        defer { ms_pop(main, 1) }
        let bytes = StackReader(L: main).bytes(-1)
        return bytes.isEmpty ? "not enough memory" : String(decoding: bytes, as: UTF8.self)
    }

    /// Says why a task failed: its error is on its thread's top, and the frames are still there.
    func describeFailure(of task: LuaTask) -> LuaFailure {
        let reader = StackReader(L: task.thread, limit: LuaRuntime.SnapshotLimit(depth: 8, entries: 1_000))
        let value = (try? reader.value(-1)) ?? .none
        ms_take_traceback(state, task.thread)
        let traceback = StackReader(L: main).string(-1) ?? ""
        ms_pop(main, 1)
        _ = ms_tostring(state, task.thread, -1, true)
        let message = popMessage()
        let kind: String? = if case .table(let table) = value { table["kind"].asString } else { nil }
        let cause: LuaFailure.Cause =
            switch task.stop {
            case MS_STOP_INTERRUPTED: .interrupted
            case MS_STOP_TIME_LIMIT: .timeLimit
            default: value == .string("not enough memory") ? .memory : .raised
            }
        return LuaFailure(value: value, message: message, traceback: traceback, kind: kind, cause: cause)
    }

    func completeness(of source: String) -> LuaRuntime.Completeness {
        var source = source
        var incomplete = false
        let status = source.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { ms_check(state, $0.baseAddress, $0.count, &incomplete) }
        }
        if status == LUA_OK { return .complete }
        let message = popMessage()
        return incomplete ? .incomplete : .invalid(message)
    }

    func json(_ value: LuaValue, pretty: Bool) -> Result<[UInt8], LuaFailure> {
        guard ms_json_of(state, message([value]), pretty) == LUA_OK else {
            let message = popMessage()
            return .failure(LuaFailure(value: .string(message), message: message))
        }
        defer { ms_pop(main, 1) }
        return .success(Array(StackReader(L: main).bytes(-1)))
    }

    func setGlobal(_ name: String, _ value: LuaValue) -> LuaFailure? {
        guard ms_set_global(state, name, message([value])) != LUA_OK else { return nil }
        let message = popMessage()
        return LuaFailure(value: .string(message), message: message)
    }

    func beginClosing() {
        stopRuns(MS_STOP_CANCELLED, everything: true)
        onDrained { [unowned self] in isClosing = true }
    }
}
