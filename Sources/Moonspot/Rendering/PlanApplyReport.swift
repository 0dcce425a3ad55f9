import HubSpot
import JSON
import Words

/// What becomes of a plan's lines.
struct PlanApplyReport: Sendable {
    var items: [PlanApplication.Item]
    /// Of the same lines.
    var changes: [PlanChange]
    /// Where they stand in the file.
    var places: [Int]
    var file: String

    /// Whether nothing was left out, and nothing failed.
    var isWhole: Bool { items.allSatisfy { $0.status == .done || $0.status == .planned } }

    /// `40 done, 1 failed`.
    var summary: String {
        let own = items.filter { !$0.isEarlier }
        var parts = [PlanApplication.Item.Status.done, .failed, .unknown, .left].compactMap { status -> String? in
            let count = own.count { $0.status == status }
            return count > 0 || status == .done
                ? "\(Counts.grouped(count)) \(status == .left ? "left out" : status.rawValue)" : nil
        }
        let earlier = items.count - own.count
        if earlier > 0 { parts.append("\(Counts.grouped(earlier)) before") }
        return parts.joined(separator: ", ")
    }

    func bytes(as format: OutputFormat) -> [UInt8] {
        let rows = zip(zip(items, changes), places).map { pair, place -> JSONValue in
            let (item, change) = pair
            let facts: JSONValue = [
                "line": .integer(place), "status": .string(item.status.rawValue), "reason": .optional(item.reason),
                "made_id": .optional(item.id),
            ]
            return .object((change.json.members ?? []) + (facts.members ?? []))
        }
        return HistoryDocument.bytes(rows, as: format)
    }
}

/// The same for people.
struct PlanApplyText: Sendable {
    var style: Style
    var columns: Int?
    var isWhole: Bool

    /// What is about to be sent, what it takes, and what is left out.
    func outlook(_ report: PlanApplyReport, cost: WritePlan.Counts, _ estimate: PlanEstimate) -> String {
        let planned = zip(report.items, report.changes).filter { $0.0.status == .planned }.map(\.1)
        let earlier = report.items.count { $0.isEarlier }
        var text = ""
        if !planned.isEmpty {
            text = PlanReportText(style: style, columns: columns, isWhole: isWhole).text(
                PlanReport(
                    counts: cost, estimate: estimate, changes: planned, unchanged: 0,
                    stagesBack: report.items.count(where: \.takesStageBack)))
        }
        if earlier > 0 { text += style.dim("\(Counts.grouped(earlier)) of the plan done before") + "\n" }
        return text + rest(report, [.left, .unknown], "left out:")
    }

    /// What was not done.
    func end(_ report: PlanApplyReport) -> String { rest(report, [.failed, .unknown], "not done:") }

    private func rest(
        _ report: PlanApplyReport, _ statuses: Set<PlanApplication.Item.Status>, _ heading: String
    ) -> String {
        var rows: [[String]] = []
        for (index, item) in report.items.enumerated() where statuses.contains(item.status) {
            let change = report.changes[index]
            let record = [change.type, change.id].compactMap(\.self).joined(separator: " ")
            rows.append([
                "  \(Escaping.visible(report.file)):\(report.places[index])",
                Escaping.visible("\(change.action) \(record.isEmpty ? change.request : record)"),
                Escaping.visible(item.reason ?? ""),
            ])
        }
        guard !rows.isEmpty else { return "" }
        let lines = AlignedColumns(rows).lines(alignment: [2: .loose])
        return style.bold(heading) + "\n" + lines.map { style.yellow($0) + "\n" }.joined()
    }
}
