import Glibc
import Journal
import LuaRuntime

extension Run {
    /// A script's run, as the journal knows it: enough to start it again, and no secret.
    static func ofScript(_ words: ScriptArguments) -> Run {
        guard let index = words.script, let path = words.words[index].asString else {
            return Run(.script, began: 0, script: nil, folder: currentFolder)
        }
        let script = path == "-" || path.hasPrefix("/") ? path : "\(currentFolder ?? "")/\(path)"
        var run = Run(
            .script, began: 0, script: script,
            arguments: SecretWords.blanked(words.words[(index + 1)...].map { $0.asString ?? "?" }),
            folder: currentFolder)
        let options = CommandLineSplit(words.words[1...index].map { $0.asString ?? "?" }).words
        run.options = SecretWords.blanked(options.first == "run" ? Array(options.dropFirst()) : options)
        return run
    }

    /// That of a piece of code.
    static func ofCode(_ code: String, _ words: ScriptArguments) -> Run {
        Run(
            .code, began: 0, script: HistoryRedaction.redacted(code),
            arguments: SecretWords.blanked(words.extra.map { $0.asString ?? "?" }), folder: currentFolder)
    }

    static func ofConsole() -> Run { Run(.console, began: 0, folder: currentFolder) }

    private static var currentFolder: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}
