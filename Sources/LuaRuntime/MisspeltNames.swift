import Words

/// The error for a name that a module does not have.
extension LuaError {
    /// Such a name raises rather than reading as nil, even in a test: `rawget(hubspot, name)` asks without an error for what
    /// the module's table holds by itself.
    public static func unknown(_ name: String, in module: LuaModule) -> LuaError {
        let known = (module.functions.map(\.name) + module.namesBeyondFunctions).sorted()
        let shown = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
        let hint = NearestName.nearest(to: name, among: known).map { "did you mean '\($0)'?" } ?? "it has \(shown)"
        return .invalidArgument("'\(module.name)' has no '\(name.prefix(60))'; \(hint)")
    }

    /// A colon passes the module itself as the first argument.
    static func colon(_ function: RegisteredFunction) -> LuaError {
        .invalidArgument(
            "bad call of '\(function.fullName)' (a dot expected, got a colon: write \(function.fullName)(…))")
    }
}

extension LuaModule {
    /// Constants and submodules, each once.
    var namesBeyondFunctions: [String] {
        constants.map(\.name) + submodules.filter { name in !constants.contains { $0.name == name } }
    }
}
