import LuaRuntime
import Words

extension ConsoleCommand {
    static let ofSettings = [set, reload]

    private static let set = ConsoleCommand(
        name: "set", usage: "[NAME [VALUE]]", summary: "what can be set, and setting it: :set timing on",
        details: "Without a value it tells the one that there is.",
        completes: .setting
    ) { call in
        let context = call.context
        guard let name = call.arguments.first else {
            context.tell(SettingsTable(context.settings, columns: Output.standard.columns, style: context.style).text)
            return .done
        }
        let setting = try Setting.named(name)
        let values = Array(call.arguments.dropFirst())
        if !values.isEmpty {
            do throws(ArgumentProblem) {
                try context.console.settings.change { settings throws(ArgumentProblem) in
                    try setting.set(&settings, values)
                }
                let questions = context.console.workspace.questions
                if questions.level != context.settings.confirm { questions.level = context.settings.confirm }
            } catch {
                throw CommandProblem("\(setting.name): \(error)")
            }
        }
        context.tell("\(setting.name)  \(Escaping.visible(setting.get(context.settings)))")
        return .done
    }

    private static let reload = ConsoleCommand(
        name: "reload", usage: "MODULE", summary: "loads a module anew, as after a change of its file",
        details:
            "The table that require has answered stays the same one and gets the new contents, so that whatever holds it sees them. Where the file has an error, the module stays as it was.",
        completes: .module
    ) { call in
        guard let name = call.arguments.first else { throw CommandProblem(":reload needs a module: :reload csv") }
        let console = call.context.console
        let chunk = LuaChunk(ReloadedModule.source, name: "=:reload", kind: .expression)
        let status = await console.run(
            chunk, arguments: [.string(name)], renderer: console.renderer(.person), scope: .current, drains: false)
        return .ended(status)
    }
}

/// The settings in three columns.
struct SettingsTable {
    private let settings: ConsoleSettings
    private let columns: Int?
    private let style: Style

    init(_ settings: ConsoleSettings, columns: Int?, style: Style) {
        self.settings = settings
        self.columns = columns
        self.style = style
    }

    var text: String {
        let rows = Setting.all.map { setting in
            [
                setting.name, Escaping.visible(setting.get(settings)),
                "\(setting.summary) (\(setting.values.joined(separator: ", ")))",
            ]
        }
        return AlignedColumns(rows).lines(room: columns).joined(separator: "\n")
    }
}

enum ReloadedModule {
    /// Runs as a chunk with the module's name; answers what became of it. `package.loaded` alone tells what is loaded.
    static let source = """
        local name = ...
        local old = package.loaded[name]
        if old == nil then
          error("no module '" .. name .. "' is loaded: require it first", 0)
        end
        package.loaded[name] = nil
        local ok, new = pcall(require, name)
        if not ok then
          package.loaded[name] = old
          if tostring(new):find("^module '.-' not found") then
            new = "'" .. name .. "' comes from no file, and is not loaded anew"
          end
          error(new, 0)
        end
        if type(old) == "table" and type(new) == "table" and old ~= new then
          for key in next, old do rawset(old, key, nil) end
          for key, value in next, new do rawset(old, key, value) end
          setmetatable(old, getmetatable(new))
          package.loaded[name] = old
        end
        return "reloaded " .. name
        """
}
