import CLuaBridge

/// An order from Swift to the bridge.
enum Reply {
    case values([LuaValue])
    case raise(LuaValue)
    case suspend(UInt64)
    case proceed
    case stopped
}

extension Scheduler {
    /// The bridge's way into this scheduler. The pointer is unretained: the state is closed before the scheduler goes.
    func makeHost() -> ms_host {
        ms_host(
            context: Unmanaged.passUnretained(self).toOpaque(),
            call: { context, L, function in
                let scheduler = Scheduler.from(context)
                return scheduler.encode(scheduler.call(function, L: L!))  // the bridge passes its state
            },
            answer: { context, L, token in
                let scheduler = Scheduler.from(context)
                return scheduler.encode(scheduler.takeAnswer(token, below: L!))  // as above
            },
            wait: { context, _, token in Scheduler.from(context).wait(on: token) },
            spawned: { context, thread, arguments, quiet in
                Scheduler.from(context).spawned(thread: thread!, arguments: arguments, isQuiet: quiet)
            },
            await: { context, task, seconds, claims in
                Scheduler.from(context).await(task, seconds: seconds, claims: claims)
            },
            cancel: { context, task in Scheduler.from(context).cancel(task) },
            sleep: { context, seconds in Scheduler.from(context).sleep(seconds: seconds) },
            deadline: { context, task, seconds in Scheduler.from(context).setDeadline(of: task, seconds: seconds) },
            late: { context, task in Scheduler.from(context).isLate(task) },
            failed: { context, task in Scheduler.from(context).failed(task) },
            forget: { context, task in Scheduler.from(context).forget(task) },
            drop: { context, function in Scheduler.from(context).lua.functions.drop(function) },
            exit: { context, status, unwinds in Scheduler.from(context).exit(status, unwinds: unwinds) },
            poll: { context in Scheduler.from(context).poll() })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Scheduler {
        Unmanaged<Scheduler>.fromOpaque(context!).takeUnretainedValue()  // makeHost set it
    }

    private func call(_ number: Int64, L: OpaquePointer) -> Reply {
        if number == FunctionTable.nameOfFunction {
            return .values([lua.functions.name(of: lua_tointegerx(L, 1, nil)).map { .string($0) } ?? "a function"])
        }
        guard let function = lua.functions[number] else { return .raise("the function is gone") }
        if case .index(let module) = function.role {
            return answer(module, L)
        }
        let declaration = function.declaration
        do {
            if let name = ms_module_name(L, 1), String(cString: name) == function.module {
                throw LuaError.colon(function)
            }
            let check = ArgumentCheck(function: function.fullName, L: L)
            try check.check(declaration.parameters)
            if case .lua = declaration.body { return .proceed }
            let call = LuaCall(
                function: function.fullName, parameters: declaration.parameters,
                arguments: try check.read(declaration.parameters), isTyped: current?.isTyped ?? false,
                scope: current?.scope)
            if case .immediate(let body) = declaration.body { return .values(try body(call)) }
            if case .scoping(let body) = declaration.body {
                let (scope, values) = try body(call)
                current?.enter(scope)
                return .values(values)
            }
            return .suspend(startCall(function, call))
        } catch {
            return .raise(error.luaValue(in: function.fullName))
        }
    }

    /// A module's table lacks the key at 2. A mark at 3 says why the bridge asks: true for all names that there are, a
    /// number before an assignment, nothing before a value is read.
    private func answer(_ module: LuaModule, _ L: OpaquePointer) -> Reply {
        let mark = lua_type(L, 3)
        if mark == LUA_TBOOLEAN {
            return .values([.table(LuaTable(list: module.namesBeyondFunctions.map { .string($0) }))])
        }
        guard let key = StackReader(L: L).string(2) else { return .values([.none]) }
        if let constant = module.constants.first(where: { $0.name == key }) { return .values([constant.value()]) }
        // The bridge keeps it in the module's table.
        if let submodule = module.submodule?(key) { return .values([.module(submodule), .boolean(true)]) }
        return mark == LUA_TNUMBER ? .values([.none]) : .raise(LuaError.unknown(key, in: module).luaValue)
    }

    private func encode(_ reply: Reply) -> ms_reply {
        switch reply {
        case .values(let values):
            return ms_reply(outcome: MS_RETURN, message: lua.functions.message(values), token: 0)
        case .raise(let value):
            return ms_reply(
                outcome: MS_RAISE, message: lua.functions.message([value == .none ? "error" : value]), token: 0)
        case .suspend(let token):
            return ms_reply(outcome: MS_SUSPEND, message: ms_message(), token: token)
        case .proceed:
            return ms_reply(outcome: MS_PROCEED, message: ms_message(), token: 0)
        case .stopped:
            return ms_reply(outcome: MS_STOPPED, message: ms_message(), token: 0)
        }
    }
}

extension Error {
    /// The value that a script's `pcall` gets for this error.
    func luaValue(in function: String) -> LuaValue {
        switch self {
        case let error as any LuaRaisable: error.luaValue
        case is CancellationError: LuaError("cancelled", "\(function) was cancelled").luaValue
        default: .string("\(function): \(self)")
        }
    }
}
