import ArgumentParser
import Glibc
import LuaRuntime

/// `moonspot init`.
struct InitCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "init", abstract: "Begins a project: a script, its test, settings for editors, a README.",
        discussion: "Files that there are already stay as they are.")

    @Argument(
        help: ArgumentHelp("The project's folder; made if need be. (default: this one)", valueName: "dir"),
        completion: .directory)
    var folder = "."

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        let project = NewProject(name: Self.name(of: folder), annotations: Annotations.installed)
        do {
            try FileBytes.makeFolder(folder, mode: 0o755)
            for (name, text) in project.files {
                let path = "\(folder)/\(name)"
                guard !FileBytes.exists(path) else {
                    Output.standard.line("kept    \(Escaping.visible(path))")
                    continue
                }
                try FileBytes.makeFolder(FileBytes.parent(of: path), mode: 0o755)
                try FileBytes.replace(path, with: Array(text.utf8), mode: 0o644)
                Output.standard.line("made    \(Escaping.visible(path))")
            }
        } catch {
            Output.complain("cannot make the project in \(Escaping.visible(folder)): \(error.description)")
            return .failed
        }
        let place = folder == "." ? "" : "cd \(folder) && "
        Output.standard.line("try it: \(place)moonspot --simulator main.lua, and: \(place)moonspot test main_test.lua")
        return .fine
    }

    /// The folder's own name.
    private static func name(of folder: String) -> String {
        guard let real = realpath(folder, nil) else {
            return folder.split(separator: "/").last.map(String.init) ?? "project"
        }
        defer { free(real) }
        return String(cString: real).split(separator: "/").last.map(String.init) ?? "project"
    }
}

/// Where the annotations of moonspot's modules lie, which editors read.
enum Annotations {
    /// Beside the program, as `scripts/install` and the package put them; nil where they are not installed.
    static var installed: String? {
        guard let real = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(real) }
        let prefix = FileBytes.parent(of: FileBytes.parent(of: String(cString: real)))
        let folder = prefix + "/share/moonspot/meta"
        return FileBytes.exists(folder) ? folder : nil
    }
}
