/// The fault of an option's value, in one sentence.
struct ArgumentProblem: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// Durations, sizes and shares as people type them.
enum Quantities {
    /// Reads `500ms`, `30s`, `1.5s`, `5m` or `2h`; longer than nothing.
    static func duration(_ text: String) throws(ArgumentProblem) -> Duration {
        let problem = ArgumentProblem("write a duration with its unit, such as 500ms, 30s, 5m or 2h")
        let (number, unit) = try split(text, or: problem)
        let milliseconds: Double
        switch unit {
        case "ms": milliseconds = number
        case "s": milliseconds = number * 1_000
        case "m", "min": milliseconds = number * 60_000
        case "h": milliseconds = number * 3_600_000
        default: throw problem
        }
        guard milliseconds >= 1 else { throw ArgumentProblem("a duration of at least 1ms is needed") }
        guard milliseconds <= 1e12 else { throw ArgumentProblem("that is more than thirty years") }
        return .microseconds(Int64(milliseconds * 1_000))
    }

    /// Reads how long ago something was: `12h`, `30d`, `2w`.
    static func age(_ text: String) throws(ArgumentProblem) -> Duration {
        let problem = ArgumentProblem("write a run's number, or an age with its unit, such as 12h, 30d or 2w")
        let (number, unit) = try split(text, or: problem)
        let hours: Double
        switch unit {
        case "m", "min": hours = number / 60
        case "h": hours = number
        case "d": hours = number * 24
        case "w": hours = number * 24 * 7
        default: throw problem
        }
        guard hours <= 1e6 else { throw ArgumentProblem("that is more than a hundred years") }
        return .seconds(Int64(hours * 3_600))
    }

    /// Reads `64M`, `1G`, `512K` or a plain number of bytes; the units are powers of 1,024.
    static func size(_ text: String) throws(ArgumentProblem) -> Int {
        let problem = ArgumentProblem("write a size such as 64M, 1G or 512K")
        let (number, unit) = try split(text, or: problem)
        let factor: Double
        switch unit.uppercased() {
        case "", "B": factor = 1
        case "K", "KB", "KIB": factor = 1_024
        case "M", "MB", "MIB": factor = 1_048_576
        case "G", "GB", "GIB": factor = 1_073_741_824
        default: throw problem
        }
        let bytes = number * factor
        guard bytes <= 1e15 else { throw ArgumentProblem("that is more than any machine has") }
        guard bytes >= 262_144 else { throw ArgumentProblem("Lua and its libraries need at least 256K") }
        return Int(bytes)
    }

    /// Reads `10%` or `10` as 0.1.
    static func share(_ text: String) throws(ArgumentProblem) -> Double {
        let problem = ArgumentProblem("write a share from 0% to 99%, such as 10%")
        let (number, unit) = try split(text, or: problem)
        guard unit.isEmpty || unit == "%", number < 100 else { throw problem }
        return number / 100
    }

    private static func split(_ text: String, or problem: ArgumentProblem) throws(ArgumentProblem) -> (
        Double, Substring
    ) {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard let number = Double(digits), number.isFinite else { throw problem }
        return (number, text[digits.endIndex...])
    }
}
