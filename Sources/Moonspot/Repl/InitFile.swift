import LuaRuntime

/// `init.lua`, which lies beside config.toml and runs when a console starts.
enum InitFile {
    static func run(_ context: ReplContext) async {
        let workspace = context.console.workspace
        let path = FileBytes.parent(of: workspace.environment.configurationPath) + "/init.lua"
        guard !workspace.options.untrusted, FileBytes.exists(path) else { return }
        do {
            let chunk = LuaChunk(bytes: try FileBytes.read(path), name: "@" + path)
            _ = await context.console.run(chunk, renderer: nil, scope: .current, drains: false)
        } catch {
            context.complain("cannot read \(path): \(error)")
        }
    }
}
