import LuaRuntime
import Words

extension Renderer {
    var textTable: TextTable {
        TextTable(
            style: style, columns: columns, rows: reader == .person ? settings.rows : nil, vertical: settings.vertical,
            chosen: settings.columns, isWhole: reader == .patientPerson)
    }

    /// Several values of one kind as a table with what follows; nil where they are a script's own.
    func text(_ list: ValueList, of table: LuaTable) -> String? {
        let elements = list.elements
        let kind = TableKind.of(elements)
        let rows: Rows?
        if let kind {
            rows = kind.rows(elements, choosing: settings.columns)
        } else if Submissions.matches(elements) {
            rows = Submissions.rows(elements)
        } else if list.source != .list || elements.contains(where: Rows.isRecord) {
            rows = Rows(elements)
        } else {
            rows = nil
        }
        guard let rows else { return nil }
        let isSubmissions = kind == nil && Submissions.matches(elements)
        let noun = kind?.noun ?? (isSubmissions ? ("submission", "submissions") : ("record", "records"))
        let footer = footer(list, of: table, noun: noun)
        if elements.isEmpty { return list.source == .list ? nil : style.dim(footer ?? "no records") }
        return textTable.table(rows) + (footer.map { "\n" + style.dim($0) } ?? "")
    }

    /// One of a kind: its fields, and the list that belongs to it.
    func text(_ table: LuaTable, _ kind: TableKind) -> String {
        if !settings.columns.isEmpty {
            return textTable.fields(settings.columns.map { ($0, kind.value($0, of: table)) })
        }
        let part = kind.part(of: table)
        let columns = kind.columns.filter { part.isEmpty || $0.name != kind.part }
        let fields = columns.map { ($0.name, $0.value(table)) }.filter { $0.1 != .none && $0.1 != "" }
        guard !part.isEmpty, let kindOfPart = TableKind.of(part) else { return textTable.fields(fields) }
        return textTable.fields(fields) + "\n\n" + textTable.table(kindOfPart.rows(part))
    }

    private func footer(_ list: ValueList, of table: LuaTable, noun: (one: String, several: String)) -> String? {
        let count = list.elements.count
        let counted = Counts.counted(count, noun.one, noun.several)
        switch list.source {
        case .list, .batch: return nil
        case .iterator:
            let passed = Int(table["passed"].asInteger ?? 0)
            let which =
                passed > 0 && count > 0
                ? "\(noun.several) \(Counts.grouped(passed + 1)) to \(Counts.grouped(passed + count))" : counted
            guard table["more"] == true else { return which }
            let rest = reader.isPerson ? ":next, or for x in _ do … end" : "--output jsonl prints all"
            return (passed > 0 ? which : "the first \(which)") + " · the rest: \(rest)"
        case .page, .answer:
            var parts: [String] = []
            if let total = table["total"].asInteger, total != Int64(count) {
                parts.append("\(Counts.grouped(count)) of \(Counts.grouped(total))")
            } else {
                parts.append(counted)
            }
            if list.source == .page, case .table(let paging) = table["paging"], case .table = paging["next"] {
                parts.append(reader.isPerson ? "more: :next" : "more: page:next()")
            }
            return parts.joined(separator: " · ")
        }
    }
}
