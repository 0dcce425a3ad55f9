import HubSpot
import Words
import Quota

/// The quota as people read it: `:limits` and `moonspot limits`.
enum LimitsText {
    /// - Parameters:
    ///   - processes: The processes that share the quota and told of themselves; none where it is not shared.
    ///   - columns: Cells of the terminal's line; nil where there is none.
    static func text(_ state: LimitsState, processes: [SharingProcess] = [], columns: Int?, style: Style) -> String {
        var rows = [["lane", "used", "limit", "left", "resets"]]
        var shares: [Double?] = [nil]
        func row(_ name: String, _ window: LimitsState.Window) {
            shares.append(window.limit.isFinite && window.limit > 0 ? 1 - window.remaining / window.limit : nil)
            let limit =
                window.limit.isFinite ? "\(Counts.grouped(window.limit)) per \(window.window.compact)" : "unlimited"
            let resets =
                window.closedFor.map { "closed \($0.compact)" }
                ?? (window.used > 0 ? "in " + window.resetsIn.compact : "")
            rows.append([name, Counts.grouped(window.used), limit, Counts.grouped(window.remaining), resets])
        }
        for (lane, window) in state.windows { row(lane.description, window) }
        let day = state.daily
        rows.append([
            "day", Counts.grouped(day.used),
            day.limit.map { $0.isFinite ? Counts.grouped($0) : "unlimited" } ?? "not known yet",
            day.remaining.map { Counts.grouped($0) } ?? "?", day.resetsAt.map { "at \($0)" } ?? "",
        ])
        shares.append(
            day.limit.flatMap { limit in
                limit.isFinite && limit > 0 ? day.remaining.map { 1 - $0 / limit } : nil
            })
        var lines = LimitsTable(rows: rows, shares: shares, columns: columns, style: style).lines
        for (lane, window) in state.windows {
            guard let closedFor = window.closedFor, let opensAt = window.opensAt else { continue }
            let note =
                "the \(lane) lane is closed until \(opensAt), for \(closedFor.compact): HubSpot refused a call with 429"
            lines += Wrapping.lines(note, columns: columns.map { $0 - 1 } ?? .max, indent: "  ").map {
                style.yellow($0)
            }
        }
        lines += ProcessTable(processes, columns: columns, style: style).lines
        let totals = state.totals
        var notes = [
            "this process: \(Counts.counted(totals.requests, "request")), \(Counts.counted(totals.records, "record")), "
                + "\(Counts.counted(totals.retries, "retry", "retries")), \(totals.throttled) refused with 429",
            "now: \(state.queue.inFlight) in flight, \(state.queue.waiting) waiting",
            "store: \(store(state.store)) · limits \(source(state.source))",
        ]
        if let console = Self.console(state) { notes.insert(console, at: 2) }
        for note in notes {
            lines += Wrapping.lines(note, columns: columns.map { $0 - 1 } ?? .max, indent: "  ").map { style.dim($0) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The places that open consoles cost bulk work; nil where none is open.
    private static func console(_ state: LimitsState) -> String? {
        guard state.console.open > 0 else { return nil }
        let open = Counts.counted(state.console.open, "console") + " open"
        guard state.console.kept > 0 else { return open + ": bulk work spreads its places over the burst window" }
        let cost = (state.console.cost * 1000).rounded() / 10
        return open
            + ": bulk work leaves what is typed \(state.console.kept) of \(Counts.grouped(state.burst.limit)) burst places (\(cost) %)"
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
}
