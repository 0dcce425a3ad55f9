import LuaRuntime
import Words

/// The answer of `hubspot.plan` for people: a line for each kind of write, and the cost of all of them.
struct PlanText: Sendable {
    static let metatable = "hubspot.plan"

    var style: Style
    /// Whether all records are named that would be refused, not the first ones alone.
    var isWhole = false

    private static let mostNames = 5

    func text(_ plan: LuaTable) -> String {
        var rows = [["", "records", "requests"]]
        for field in LuaText.sorted(plan["by"].asTable?.fields ?? []) {
            guard let name = field.key.asString, let share = field.value.asTable else { continue }
            rows.append([Escaping.visible(name), Self.count(share["records"]), Self.count(share["requests"])])
        }
        var lines = rows.count == 1 ? [] : AlignedColumns(rows).lines(alignment: [1: .right, 2: .right])
        if let heading = lines.first { lines[0] = style.bold(heading) }
        lines.append(style.bold(Self.summary(plan)))
        if let day = plan["day"].asTable { lines.append(contentsOf: self.day(day)) }
        lines += refusals(plan)
        return lines.joined(separator: "\n")
    }

    private static func summary(_ plan: LuaTable) -> String {
        func counted(_ value: LuaValue, _ noun: String) -> String { "\(count(value)) \(noun)\(value == 1 ? "" : "s")" }
        let told = plan["seconds"].asNumber ?? 0
        let seconds = told > 0 ? min(told, 1e12) : 0  // a script may have written something else there
        let time = seconds < 1 ? "less than a second" : "about \(Duration.seconds(seconds.rounded()).compact)"
        let lane = plan["lane"].asString.map { " (\($0) window)" } ?? ""
        return
            "\(counted(plan["records"], "record")) written in \(counted(plan["requests"], "request")), \(time)\(lane)"
    }

    /// The records that HubSpot would refuse, a line for each reason.
    private func refusals(_ plan: LuaTable) -> [String] {
        guard let refused = plan["refused"].asInteger, refused > 0 else { return [] }
        let reasons = (plan["refusals"].asTable?.list ?? []).compactMap(\.asTable).map { reason in
            "  "
                + Escaping.visible(
                    "\(reason["call"].asString ?? ""): \(reason["message"].asString ?? "")\(records(of: reason))")
        }
        return [style.red("\(Self.count(.integer(refused))) would be refused:")] + reasons
    }

    /// ` (3 times: 501, 502, 503)`, where there are several.
    private func records(of reason: LuaTable) -> String {
        let names = (reason["records"].asTable?.list ?? []).compactMap(\.asString)
        let count = reason["count"].asInteger ?? 1
        let message = reason["message"].asString ?? ""
        guard count > 1 else { return names.first.map { message.contains($0) ? "" : " (\($0))" } ?? "" }
        let shown = isWhole ? names[...] : names.prefix(Self.mostNames)
        let rest = names.count - shown.count
        return " (\(Self.count(reason["count"])) times"
            + (shown.isEmpty ? "" : ": " + shown.joined(separator: ", "))
            + (rest > 0 ? " and \(Counts.grouped(rest)) more" : "") + ")"
    }

    private func day(_ day: LuaTable) -> [String] {
        guard let limit = day["limit"].asNumber, limit.isFinite else { return [] }
        let left = day["remaining"].asNumber ?? limit
        var line = "\(Self.count(.number(left))) of \(Self.count(day["limit"])) requests are left"
        if let share = day["share"].asNumber { line = "\(Self.percent(share)) of the day's quota: " + line }
        return day["fits"].asBoolean == false ? [style.red(line + ": not enough")] : [style.dim(line)]
    }

    /// Two digits that count: `0.024 %`, `3.1 %`, `250 %`.
    private static func percent(_ share: Double) -> String {
        let value = share * 100
        if value == 0 || value >= 10 { return "\(Int64(nearest: value)) %" }
        var scale = 10.0
        while value * scale < 10, scale < 1e6 { scale *= 10 }
        return "\(LuaText.number((value * scale).rounded() / scale)) %"
    }

    private static func count(_ value: LuaValue) -> String {
        guard let number = value.asNumber, number.isFinite else { return "?" }
        return Counts.grouped(number)
    }
}
