import CLuaBridge

/// A Lua state, and what may be done in it outside of tasks. A handle: copies lead to the same state. Lives on the Lua thread.
struct LuaState {
    /// An `ms_state`.
    let pointer: OpaquePointer
    let functions: FunctionTable
    private let options: LuaRuntime.Options

    private var main: OpaquePointer { ms_main(pointer) }

    /// Opens a state on the calling thread.
    /// - Returns: Nil where there is not enough memory for it.
    init?(host: ms_host, functions: FunctionTable, options: LuaRuntime.Options) {
        guard let pointer = ms_open(host, options.memoryLimit ?? 0, options.isUntrusted) else { return nil }
        self.pointer = pointer
        self.functions = functions
        self.options = options
        ms_adopt_thread(pointer)
        if let folder = options.scriptFolder { setScriptFolder(folder) }
    }

    func close() { ms_close(pointer) }

    /// Bytes that Lua holds now.
    var memoryInUse: Int { ms_memory(pointer) }

    var scope: TypedScope { TypedScope(state: pointer) }

    func names(in path: [String]) -> [(name: String, type: String)] {
        NameSearch(state: pointer, modules: options.modules).names(in: path)
    }

    /// Makes the modules globals, in order, and the functions of those that ask for it.
    func installModules() -> LuaFailure? {
        for module in options.modules {
            if let failure = setGlobal(module.name, .module(module)) { return failure }
            if module.isGlobal, ms_set_globals(pointer, functions.message([.module(module)])) != LUA_OK {
                let message = popMessage()
                return LuaFailure(value: .string(message), message: message)
            }
        }
        return nil
    }

    func setGlobal(_ name: String, _ value: LuaValue) -> LuaFailure? {
        guard ms_set_global(pointer, name, functions.message([value])) != LUA_OK else { return nil }
        let message = popMessage()
        return LuaFailure(value: .string(message), message: message)
    }

    func setScriptFolder(_ folder: String) {
        // Where neither `;` nor `?` would mean something else, the folder goes where scripts expect it.
        if options.isUntrusted || folder.contains(where: { $0 == ";" || $0 == "?" }) {
            return functions.folder.set(folder)
        }
        // Lua looks in the current folder by itself.
        if folder != ".", ms_search_folder(pointer, folder) != LUA_OK { _ = popMessage() }
    }

    func json(_ value: LuaValue, pretty: Bool) -> Result<[UInt8], LuaFailure> {
        guard ms_json_of(pointer, functions.message([value]), pretty) == LUA_OK else {
            let message = popMessage()
            return .failure(LuaFailure(value: .string(message), message: message))
        }
        defer { ms_pop(main, 1) }
        return .success(Array(StackReader(L: main).bytes(-1)))
    }

    /// Takes a message off the main thread's stack.
    func popMessage() -> String {
        defer { ms_pop(main, 1) }
        let bytes = StackReader(L: main).bytes(-1)
        return bytes.isEmpty ? "not enough memory" : String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Chunks

    /// Compiles a chunk into a coroutine of its own.
    /// - Returns: The coroutine, with its function and that many arguments on its stack.
    func load(
        _ chunk: LuaChunk, arguments: [LuaValue], showing: ms_showing
    ) -> Result<(thread: OpaquePointer, arguments: Int32), LuaFailure> {
        var count: Int32 = 0
        var status: Int32 = 0
        var source = chunk.source
        var scoped: [UInt8]?
        if chunk.kind != .script,
            case .chunk(let text, let isExpression) = typedText(source, showsCalls: chunk.kind == .typed)
        {
            source = text
            if chunk.kind == .typed { scoped = scope.scoped(text, isExpression: isExpression) }
        }
        let kind = scoped != nil ? MS_CHUNK_SCOPED : chunk.kind == .script ? MS_CHUNK_SCRIPT : MS_CHUNK_EXPRESSION
        let message = functions.message(arguments)
        let thread = (scoped ?? source).withUnsafeBytes { source in
            ms_load(
                pointer, source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count, chunk.name, kind,
                showing, message, &count, &status)
        }
        if let thread { return .success((thread, count)) }
        let text = popMessage()
        let cause: LuaFailure.Cause = status == LUA_ERRSYNTAX ? .syntax : status == LUA_ERRMEM ? .memory : .raised
        if chunk.kind == .typed { _ = setGlobal("_err", .string(text)) }
        return .failure(LuaFailure(value: .string(text), message: text, cause: cause))
    }

    func completeness(of source: String) -> LuaRuntime.Completeness {
        switch typedText(Array(source.utf8), showsCalls: true) {
        case .chunk: .complete
        case .incomplete: .incomplete
        case .invalid(let message): .invalid(message)
        }
    }

    // MARK: Outcomes of tasks

    /// A typed line's first result becomes `_`, and what `_` was moves on to `_1`, up to `_9`; an error becomes `_err`.
    func keepOutcome(of task: LuaTask) {
        if task.failure == nil {
            ms_keep_value(pointer, task.thread, 1, "_", 9)
        } else if task.stop == MS_GO_ON {
            ms_keep_value(pointer, task.thread, -1, "_err", 0)
        }
    }

    /// Copies the results that an ended task's stack holds.
    func results(of thread: OpaquePointer, snapshot: LuaRuntime.SnapshotLimit) -> Result<[LuaValue], LuaFailure> {
        do throws(SnapshotReader.Problem) {
            let reader = try SnapshotReader(thread: thread, limit: snapshot)
            defer { reader.finish() }
            var values: [LuaValue] = []
            for index in stride(from: Int32(1), through: reader.count, by: 1) { values.append(try reader.value(index)) }
            return .success(values)
        } catch {
            let message = error.message
            let error = LuaError.invalidArgument(message)
            return .failure(LuaFailure(value: error.luaValue, message: "\(error.kind): \(message)", kind: error.kind))
        }
    }

    /// Says why a task failed: its error is on its thread's top, and the frames are still there.
    func failure(of task: LuaTask) -> LuaFailure {
        let value = raisedValue(of: task)
        ms_take_traceback(pointer, task.thread)
        let traceback = StackReader(L: main).string(-1) ?? ""
        ms_pop(main, 1)
        _ = ms_tostring(pointer, task.thread, -1, true)
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
}
