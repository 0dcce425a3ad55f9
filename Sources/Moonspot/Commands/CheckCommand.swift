import ArgumentParser
import Glibc

/// `moonspot check`.
struct CheckCommand: PerformedCommand {
    static let configuration = CommandConfiguration.command(
        "check", abstract: "Finds mistakes in scripts without running them.",
        discussion: """
            Prints FILE:LINE:COLUMN: message for wrong syntax, names below hubspot, task and json that there are not, \
            options that a function does not take, and locals that nothing reads. Where luacheck is installed, it is asked \
            too. Exit status: 0 nothing found, 1 something, 2 a file cannot be read.
            """)

    @Argument(help: ArgumentHelp("Scripts.", valueName: "files"), completion: .file(extensions: ["lua"]))
    var files: [String]

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        let check: ScriptCheck
        do {
            check = try ScriptCheck()
        } catch {
            Output.complain(ErrorText.message(error))
            return .failed
        }
        let luacheck = Luacheck(environment)
        var status = ExitStatus.fine
        for file in files {
            let bytes: [UInt8]
            do {
                bytes = try FileBytes.read(file)
            } catch {
                Output.complain("cannot read \(Escaping.visible(file)): \(error.description)")
                status = .usage
                continue
            }
            let others = await luacheck?.findings(bytes, name: file, folder: ScriptArguments.folder(of: file))
            var findings = await check.findings(bytes, unusedLocals: others == nil)
            let places = Set(findings.map { [$0.line, $0.column] })
            findings += (others ?? []).filter { !places.contains([$0.line, $0.column]) }
            findings.sort { ($0.line, $0.column) < ($1.line, $1.column) }
            for finding in findings {
                Output.standard.line(Escaping.visible("\(file):\(finding.line):\(finding.column): \(finding.message)"))
            }
            if !findings.isEmpty, status == .fine { status = .failed }
        }
        await check.close()
        return status
    }
}
