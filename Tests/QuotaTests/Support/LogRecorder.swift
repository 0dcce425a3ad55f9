import Logging
import Synchronization

/// A log that can be read.
final class LogRecorder: LogHandler {
    private let lines = Mutex<[String]>([])
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { lines.withLock { $0.append("\(event.level.rawValue): \(event.message)") } }

    func lines(_ level: String) -> [String] { lines.withLock { $0.filter { $0.hasPrefix(level + ": ") } } }
}
