import Glibc

/// Moments on the clock of the person at the terminal.
enum LocalTime {
    /// - Parameters:
    ///   - moment: Seconds since 1970.
    ///   - format: Of `strftime`.
    static func text(_ moment: Int64, _ format: String) -> String {
        var seconds = time_t(moment)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 80)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
