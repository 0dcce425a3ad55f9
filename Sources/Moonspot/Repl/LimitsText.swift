import HubSpot

/// The quota as people read it: `:limits` and `moonspot limits`.
enum LimitsText {
    /// - Parameters:
    ///   - processes: Who shares the quota and told of itself; none where it is not shared.
    ///   - columns: Cells of the terminal's line; nil where there is none.
    static func text(_ state: LimitsState, processes: [LimiterMember] = [], columns: Int?, style: Style) -> String {
        var rows = [["lane", "used", "limit", "left", "resets"]]
        var shares: [Double?] = [nil]
        func row(_ name: String, _ window: LimitsState.Window) {
            shares.append(window.limit.isFinite && window.limit > 0 ? 1 - window.remaining / window.limit : nil)
            let limit = window.limit.isFinite ? "\(count(window.limit)) per \(duration(window.window))" : "unlimited"
            let resets = window.used > 0 ? "in " + duration(window.resetsIn) : ""
            rows.append([name, count(window.used), limit, count(window.remaining), resets])
        }
        row("burst", state.burst)
        row("search", state.search)
        row("associations", state.associations)
        row("forms", state.forms)
        let day = state.daily
        rows.append([
            "day", count(day.used),
            day.limit.map { $0.isFinite ? count($0) : "unlimited" } ?? "not known yet",
            day.remaining.map(count) ?? "?", day.resetsAt.map { "at \($0)" } ?? "",
        ])
        shares.append(
            day.limit.flatMap { limit in
                limit.isFinite && limit > 0 ? day.remaining.map { 1 - $0 / limit } : nil
            })
        var lines = LimitsTable(rows: rows, shares: shares, columns: columns, style: style).lines
        lines += ProcessTable(processes, columns: columns, style: style).lines
        let totals = state.totals
        let notes = [
            "this process: \(plural(totals.requests, "request")), \(plural(totals.records, "record")), "
                + "\(plural(totals.retries, "retry", "retries")), \(totals.throttled) refused with 429",
            "now: \(state.queue.inFlight) in flight, \(state.queue.waiting) waiting",
            "store: \(store(state.store)) · limits \(source(state.source))",
        ]
        for note in notes { lines += Self.wrapped(note, columns ?? .max).map { style.dim($0) } }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Lines of words, the following ones a little to the right.
    private static func wrapped(_ text: String, _ columns: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, DisplayWidth.of(last) + DisplayWidth.of(String(word)) < columns {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append((lines.isEmpty ? "" : "  ") + word)
            }
        }
        return lines
    }

    /// Over whom the counts above go.
    private static func store(_ store: LimitsState.StoreKind) -> String {
        switch store {
        case .memory: "memory (counts this process alone)"
        case .file: "file (counts every process of this machine)"
        case .redis: "redis (counts every machine)"
        }
    }

    private static func source(_ source: LimitsState.Source) -> String {
        switch source {
        case .headers: "from HubSpot's headers"
        case .option: "from --limits"
        case .profile: "from the profile"
        case .default: "not told yet"
        }
    }

    private static func plural(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(Renderer.grouped(Int64(number))) \(number == 1 ? one : many ?? one + "s")"
    }

    private static func count(_ number: Double) -> String {
        number.isFinite ? Renderer.grouped(Int64(number.rounded())) : "unlimited"
    }

    /// `10s`, `0.4s`, `2m 5s`, `3h 10m`.
    static func duration(_ duration: Duration) -> String {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        if seconds < 10, seconds != seconds.rounded() {
            let tenths = Int((seconds * 10).rounded(.up))
            return tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
        }
        let whole = Int(seconds.rounded())
        if whole < 120 { return "\(whole)s" }
        if whole < 7_200 { return whole % 60 == 0 ? "\(whole / 60)m" : "\(whole / 60)m \(whole % 60)s" }
        return whole % 3_600 / 60 == 0 ? "\(whole / 3_600)h" : "\(whole / 3_600)h \(whole % 3_600 / 60)m"
    }
}
