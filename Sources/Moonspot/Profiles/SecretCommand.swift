import Subprocess
import SystemPackage

import Glibc

struct CommandOutput: Sendable {
    /// As a shell has it: 128 and a signal's number for a program that one has ended.
    var status: Int32
    var output: String
    /// What it has complained of; empty where that went to the person.
    var complaint = ""
}

/// Runs a program that gives or takes a secret: a `token_command`, `secret-tool`. It stays in this process's group, so that
/// it may ask on the terminal, and Ctrl-C reaches it; it has no descriptor of ours but the standard ones.
enum SecretCommand {
    /// A person may have to type a passphrase.
    private static let limit: Duration = .seconds(120)
    private static let maximumBytes = 65_536

    /// `sh -c`. What it says on standard error is for the person; it reads the terminal where there is one, and nothing
    /// else: standard input may be a script.
    static func shell(_ command: String) async throws(FileProblem) -> CommandOutput {
        let configuration = configuration(.path("/bin/sh"), ["-c", command])
        let output = BytesOutput.bytes(limit: maximumBytes)
        return try await limited("the command") {
            if isatty(0) == 1 {
                let result = try await run(
                    configuration, input: .currentStandardInput, output: output, error: .currentStandardError)
                return CommandOutput(result.terminationStatus, result.standardOutput)
            }
            let result = try await run(configuration, input: .none, output: output, error: .currentStandardError)
            return CommandOutput(result.terminationStatus, result.standardOutput)
        }
    }

    /// - Parameters:
    ///   - program: Looked up in the PATH.
    ///   - arguments: Anyone may read them: no secret stands there.
    ///   - input: What it reads: no more than a pipe holds.
    static func talk(
        to program: String, _ arguments: [String], input: [UInt8] = []
    ) async throws(FileProblem) -> CommandOutput {
        let configuration = configuration(.name(program), arguments)
        // Filled before the program starts: one that ends without reading ends nothing here.
        let filled = try pipe(holding: input)
        return try await limited(program) {
            let result = try await run(
                configuration, input: .fileDescriptor(filled, closeAfterSpawningProcess: true),
                output: .bytes(limit: maximumBytes), error: .string(limit: maximumBytes))
            return CommandOutput(result.terminationStatus, result.standardOutput, complaint: result.standardError)
        }
    }

    /// The reading end of a pipe that holds the bytes and nothing after them.
    private static func pipe(holding bytes: [UInt8]) throws(FileProblem) -> FileDescriptor {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw .last() }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // What does not fit is an error, and no wait for a reader that is not there yet.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let isWritten = FileBytes.write(bytes, to: ends[1])
        let problem = isWritten ? nil : FileProblem.last()
        close(ends[1])
        if let problem {
            close(ends[0])
            throw problem
        }
        return FileDescriptor(rawValue: ends[0])
    }

    private static func configuration(_ program: Executable, _ arguments: [String]) -> Configuration {
        var options = PlatformOptions()
        // Before it is killed.
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        return Configuration(executable: program, arguments: Arguments(arguments), platformOptions: options)
    }

    /// Ends the program when its time is over, and when the current task is cancelled.
    private static func limited(
        _ name: String, _ body: @escaping @Sendable () async throws -> CommandOutput
    ) async throws(FileProblem) -> CommandOutput {
        do {
            return try await withThrowingTaskGroup { group in
                group.addTask { try await body() }
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw FileProblem(description: "\(name) did not end within \(limit.components.seconds) seconds")
                }
                defer { group.cancelAll() }
                guard let output = try await group.next() else { throw CancellationError() }
                return output
            }
        } catch let problem as FileProblem {
            throw problem
        } catch {
            throw FileProblem(description: "\(error)")
        }
    }
}

extension CommandOutput {
    fileprivate init(_ end: TerminationStatus, _ bytes: [UInt8], complaint: String = "") {
        status = end.asShell
        output = String(decoding: bytes, as: UTF8.self)
        self.complaint = complaint
    }
}
