import Dispatch
import Foundation
import Synchronization

struct CommandOutput: Sendable {
    var status: Int32
    var output: String
}

/// Runs a `token_command`: `sh -c`, without standard input; what it says on standard error is for the person.
enum TokenCommand {
    /// A person may have to type a passphrase.
    private static let timeout = DispatchTimeInterval.seconds(120)
    private static let maximumBytes = 65_536

    /// Cancelling the current task ends the program.
    static func run(_ command: String) async throws -> CommandOutput {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let running = RunningProcess(process)
        let reader = pipe.fileHandleForReading
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A thread of its own: reading a pipe and waiting for a program block.
                DispatchQueue.global().async {
                    let watchdog = DispatchWorkItem { running.end() }
                    DispatchQueue.global().asyncAfter(deadline: .now() + timeout, execute: watchdog)
                    var bytes = Data()
                    while bytes.count < maximumBytes, let part = try? reader.read(upToCount: 4096), !part.isEmpty {
                        bytes.append(part)
                    }
                    try? reader.close()  // Whoever still writes is told so by a signal.
                    let status = running.wait()
                    watchdog.cancel()
                    continuation.resume(
                        returning: CommandOutput(status: status, output: String(decoding: bytes, as: UTF8.self)))
                }
            }
        } onCancel: {
            running.end()
        }
    }
}

/// A program that several threads wait for and end.
private final class RunningProcess: @unchecked Sendable {
    // Foundation's Process is thread-safe after `run()` for what is used here: `terminate` sends a signal to the process
    // id, `waitUntilExit` waits on a lock.
    private let process: Process

    init(_ process: Process) { self.process = process }

    func end() { process.terminate() }

    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }
}
