import Bindings
import HubSpot
import LuaRuntime
import Words

/// A plan for people: the changes by record, what they cost, and what would be refused.
struct PlanReportText: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?
    /// Whether every change is shown.
    var isWhole: Bool

    private static let most = 20

    func text(_ report: PlanReport) -> String {
        var text = changes(report.changes)
        if !report.changes.isEmpty { text += "\n" }
        if report.changes.isEmpty && report.counts.refusedRecords == 0 {
            text += "nothing to change\n"
        } else if let plan = report.counts.luaValue(report.estimate).asTable {
            text += PlanText(style: style, isWhole: isWhole).text(plan) + "\n"
        }
        if report.unchanged > 0 {
            let words = report.unchanged == 1 ? "changes nothing, and is" : "change nothing, and are"
            let count = Counts.counted(report.unchanged, "further write")
            text += style.dim("\(count) \(words) left out") + "\n"
        }
        if report.stagesBack > 0 {
            let goes = report.stagesBack == 1 ? "goes" : "go"
            text +=
                style.yellow(
                    "\(Counts.counted(report.stagesBack, "lifecycle stage")) \(goes) back: HubSpot keeps the later one, unless it is emptied first, as moonspot apply does"
                ) + "\n"
        }
        return text
    }

    /// A line for each record.
    func changes(_ changes: [PlanChange]) -> String {
        let records = byRecord(changes)
        let shown = isWhole ? records[...] : records.prefix(Self.most)
        let lines = AlignedColumns(shown.map { [$0.sign, $0.what, $0.how] }).lines(
            alignment: [2: .loose], room: isWhole ? nil : columns)
        var text = zip(shown, lines).map { paint($0.sign, $1) + "\n" }.joined()
        if records.count > shown.count {
            text += style.dim("and \(Counts.grouped(records.count - shown.count)) more; --all shows them") + "\n"
        }
        return text
    }

    private func paint(_ sign: String, _ line: String) -> String {
        switch sign {
        case "+": style.green(line)
        case "-": style.red(line)
        default: line
        }
    }

    private struct Row {
        var sign: String
        var what: String
        var how: String
    }

    /// Changes of one record stand in one line, where its first one does: from what was there first to what is there last.
    private func byRecord(_ changes: [PlanChange]) -> [Row] {
        var all: [PlanChange] = []
        var places: [String: Int] = [:]
        for change in changes {
            guard ["create", "update", "upsert", "delete"].contains(change.action), let type = change.type,
                let id = change.id
            else {
                all.append(change)
                continue
            }
            let record = "\(type) \(id)"
            if let place = places[record], change.action != "delete", all[place].action != "delete" {
                all[place].values = all[place].values.followed(by: change.values)
            } else {
                places[record] = all.count
                all.append(change)
            }
        }
        return all.map(Self.row)
    }

    private static func row(_ change: PlanChange) -> Row {
        let record = Escaping.visible([change.type, change.id].compactMap(\.self).joined(separator: " "))
        let other = Escaping.visible([change.otherType, change.otherID].compactMap(\.self).joined(separator: " "))
        let new = change.values.map { "\($0.name): \($0.new)" }.joined(separator: ", ")
        return switch change.action {
        case "create": Row(sign: "+", what: record, how: Escaping.visible(new))
        case "update", "upsert":
            Row(
                sign: "~", what: record,
                how: Escaping.visible(
                    change.values.map { "\($0.name): \(shown($0.old)) → \(shown($0.new))" }.joined(separator: ", ")))
        case "delete": Row(sign: "-", what: record, how: "goes to the recycle bin")
        case "gdpr_delete": Row(sign: "-", what: record, how: "is deleted for good")
        case "merge": Row(sign: "-", what: other, how: "is merged into \(record)")
        case "link": Row(sign: "+", what: record, how: "linked to \(other)")
        case "unlink": Row(sign: "-", what: record, how: "unlinked from \(other)")
        case "submit": Row(sign: "!", what: "form", how: Escaping.visible(change.request))
        default: Row(sign: "!", what: "request", how: Escaping.visible(change.request))
        }
    }

    private static func shown(_ value: String) -> String { value.isEmpty ? "(none)" : value }
}

extension [PlanChange.Value] {
    /// The values of one change, and then of another. What ends as it began is left out.
    fileprivate func followed(by others: [PlanChange.Value]) -> [PlanChange.Value] {
        var all = self
        for other in others {
            if let place = all.firstIndex(where: { $0.name == other.name }) {
                all[place].new = other.new
            } else {
                all.append(other)
            }
        }
        return all.filter { $0.old != $0.new }
    }
}
