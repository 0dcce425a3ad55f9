import Dispatch
import Glibc
import Subprocess
import SystemPackage

/// Programs that have the terminal for a while: the pager, the editor. They stay in this process's group, which is the
/// terminal's foreground, so that keys such as Ctrl-C and Ctrl-Z reach them as they reach what a shell starts.
enum Foreground {
    /// The status of a shell whose program does not exist.
    static let notFound: Int32 = 127

    /// Runs a line of shell on this process's terminal to its end.
    ///
    /// - Parameters:
    ///   - arguments: What the line calls `$1` and so on.
    ///   - environment: Variables beside those of this process.
    ///   - input: What it reads instead of the terminal.
    /// - Returns: Its status as a shell has it; ``notFound`` where it could not be started.
    static func shell(
        _ line: String, _ arguments: [String] = [], environment: [Environment.Key: String?] = [:],
        input: [UInt8]? = nil
    ) async -> Int32 {
        let configuration = Configuration(
            executable: .path("/bin/sh"), arguments: Arguments(["-c", line, "sh"] + arguments),
            environment: .inherit.updating(environment))
        do {
            guard let input else {
                return try await run(
                    configuration, input: .currentStandardInput, output: .currentStandardOutput,
                    error: .currentStandardError
                ).terminationStatus.asShell
            }
            let (reading, writing) = try ends()
            // Open in the program alone, or writing to one that has ended would wait for ever.
            return try await run(
                configuration, input: .fileDescriptor(reading, closeAfterSpawningProcess: true),
                output: .currentStandardOutput, error: .currentStandardError
            ) { _ in
                await feed(input, to: writing)
            }.terminationStatus.asShell
        } catch {
            return notFound
        }
    }

    /// A socket: a pager that is left early must not end this process by SIGPIPE.
    private static func ends() throws(FileProblem) -> (reading: FileDescriptor, writing: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .last()
        }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    /// Writes as fast as the person reads, on a thread that may wait, and closes the descriptor.
    private static func feed(_ bytes: [UInt8], to writing: FileDescriptor) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let noSignal: Int32 = 0x4000  // MSG_NOSIGNAL
                var rest = bytes[...]
                while !rest.isEmpty {
                    let sent = rest.withUnsafeBytes { send(writing.rawValue, $0.baseAddress, $0.count, noSignal) }
                    if sent < 0 && errno == EINTR { continue }
                    guard sent > 0 else { break }
                    rest = rest.dropFirst(sent)
                }
                close(writing.rawValue)
                continuation.resume()
            }
        }
    }
}

extension TerminationStatus {
    /// As a shell has it: 128 and a signal's number for a program that one has ended.
    var asShell: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
