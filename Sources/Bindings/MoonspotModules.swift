// Bindings: the part of HubSpot/ that Lua sees. One file per Lua module; each function is declared once, with its
// documentation, and everything else (argument checks, help, completion, annotations, the reference) is made from the
// declaration. This target must not know the terminal, the process's arguments, or the simulator.

import HubSpot
public import LuaRuntime

/// The modules that a console or a script sees: `hubspot`, `task`, `json`, and `moonspot`, whose functions are globals too.
public enum MoonspotModules {
    /// - Parameters:
    ///   - readsFiles: False for an untrusted script: `hubspot.files.upload` takes no paths.
    ///   - connect: Opens the sessions of other profiles; nil where there are none to open.
    ///   - progress: Hears how far `task.map` and `task.each` are.
    ///   - checkpoints: Keeps the checkpoints of loops; nil where none are kept.
    ///   - console: What `show` and `help` do.
    package static func all(
        session source: SessionSource, readsFiles: Bool = true, connect: SessionConnector? = nil,
        progress: TaskProgress? = nil, checkpoints: (any CheckpointKeeper)? = nil, console: ConsoleFunctions = .none
    ) -> [LuaModule] {
        [
            .hubspot(source, readsFiles: readsFiles, connect: connect, console: console), .task(progress, checkpoints),
            .json,
            .moonspot(console),
        ]
    }

    /// `hubspot` over one session: what `hubspot.connect` answers, and what takes the global's place where the console
    /// changes its profile. The same source makes the same table.
    public static func hubspot(
        session source: SessionSource, readsFiles: Bool = true, connect: SessionConnector? = nil
    ) -> LuaModule { .hubspot(source, readsFiles: readsFiles, connect: connect) }

    /// Their documentation. Opens no session.
    public static let reference: LuaReference = {
        let source = SessionSource(description: SessionDescription()) { () throws(HubSpotError) in
            throw HubSpotError(.unauthenticated, "documentation has no session")
        }
        let types = Set(ObjectType.standard.map { "hubspot.\($0.name)" }).subtracting(["hubspot.contacts"])
        return LuaReference(
            all(session: source),
            shared: [.objects(ObjectType("{type}"), named: "hubspot.objects", record: "record", source)],
            likeness: { types.contains($0) ? "hubspot.objects" : nil })
    }()
}
