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
        let scoped = chunk.kind == .typed ? self.scoped(chunk.source) : nil
        let kind = scoped != nil ? MS_CHUNK_SCOPED : chunk.kind == .script ? MS_CHUNK_SCRIPT : MS_CHUNK_EXPRESSION
        let message = message(arguments)
        let thread = (scoped ?? chunk.source).withUnsafeBytes { source in
            ms_load(
                state, source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count, chunk.name, kind,
                snapshot.marksRepeats, message, &count, &status)
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
        do throws(SnapshotReader.Problem) {
            let reader = try SnapshotReader(thread: task.thread, limit: snapshot)
            defer { reader.finish() }
            var values: [LuaValue] = []
            for index in stride(from: Int32(1), through: reader.count, by: 1) { values.append(try reader.value(index)) }
            return .success(values)
        } catch {
            let message =
                switch error {
                case .containsItself: "a table that contains itself can be shown as text only"
                case .outOfStack: "a result is too large to be shown"
                }
            let error = LuaError.invalidArgument(message)
            return .failure(LuaFailure(value: error.luaValue, message: "\(error.kind): \(message)", kind: error.kind))
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
        let value = raisedValue(of: task)
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

    private func raisedValue(of task: LuaTask) -> LuaValue {
        let limit = LuaRuntime.SnapshotLimit(depth: 8, entries: 1_000, total: 10_000)
        let plain = StackReader(L: task.thread).scalar(-1)
        guard let reader = try? SnapshotReader(thread: task.thread, limit: limit) else { return plain }
        defer { reader.finish() }
        return reader.count > 0 ? (try? reader.value(reader.count)) ?? plain : plain
    }

    func completeness(of source: String) -> LuaRuntime.Completeness {
        var source = source
        var incomplete = false
        let status = source.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { ms_check(state, $0.baseAddress, $0.count, &incomplete, nil) }
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

    func setScriptFolder(_ folder: String) {
        // Where neither `;` nor `?` would mean something else, the folder goes where scripts expect it.
        if options.isUntrusted || folder.contains(where: { $0 == ";" || $0 == "?" }) {
            return functions.folder.set(folder)
        }
        // Lua looks in the current folder by itself.
        if folder != ".", ms_search_folder(state, folder) != LUA_OK { _ = popMessage() }
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
