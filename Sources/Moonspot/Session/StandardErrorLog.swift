import Logging

/// The log: a line each on standard error, above the prompt where one is being edited.
struct StandardErrorLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    /// Once, before the first logger is made.
    static func start(level: Logger.Level) {
        LoggingSystem.bootstrap { _ in StandardErrorLog(logLevel: level) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var text = "moonspot: \(event.level.rawValue): \(Escaping.visible(event.message.description))"
        let fields = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            text += " \(name)=\(Escaping.visible("\(value)"))"
        }
        if let error = event.error { text += " error=\(Escaping.visible("\(error)"))" }
        Output.error.line(text)
    }
}
