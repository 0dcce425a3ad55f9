// Bindings: what HubSpot/ offers to Lua. One file per Lua module; each function is declared once, with its
// documentation, and everything else (argument checks, help, completion, annotations, the reference) is made from the
// declaration. This target must not know the terminal, the process's arguments, or the simulator.

public import LuaRuntime

/// The modules that a console or a script sees: `hubspot`, `task`, `json`.
public enum MoonspotModules {
    public static func all(session source: SessionSource) -> [LuaModule] {
        [.hubspot(source), .task, .json]
    }
}
