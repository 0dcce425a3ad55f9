import HubSpot

/// The quota as people read it: `:limits` and `moonspot limits`.
enum LimitsText {
    static func text(_ state: LimitsState, style: Style) -> String {
        var rows = [["lane", "used", "limit", "left", "resets"]]
        func row(_ name: String, _ window: LimitsState.Window) {
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
            "day", day.used.map(count) ?? "?",
            day.limit.map { $0.isFinite ? count($0) : "unlimited" } ?? "not known yet",
            day.remaining.map(count) ?? "?", day.resetsAt.map { "at \($0)" } ?? "",
        ])
        let widths = rows[0].indices.map { column in rows.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
        var lines = rows.enumerated().map { index, row in
            let line = row.enumerated().map { column, text in
                (1...3).contains(column)
                    ? DisplayWidth.padLeft(text, to: widths[column]) : DisplayWidth.pad(text, to: widths[column])
            }.joined(separator: "  ")
            let trimmed = String(line.reversed().drop(while: { $0 == " " }).reversed())
            return index == 0 ? style.bold(trimmed) : trimmed
        }
        let totals = state.totals
        lines.append(
            style.dim(
                "this process: \(plural(totals.requests, "request")), \(plural(totals.records, "record")), "
                    + "\(plural(totals.retries, "retry", "retries")), \(totals.throttled) refused with 429, waited \(duration(.milliseconds(Int64(totals.waitSeconds * 1000))))"
            ))
        lines.append(
            style.dim(
                "now: \(state.queue.inFlight) in flight, \(state.queue.waiting) waiting · store: \(store(state.store)) · limits \(source(state.source))"
            ))
        return lines.joined(separator: "\n") + "\n"
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
