import LuaRuntime
import Words

/// Records as aligned columns.
struct TextTable: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is no terminal and every column is printed whole.
    var columns: Int?
    /// Rows that are shown; the rest is counted.
    var rows: Int?

    private static let gap = 2
    private static let widest = 40

    /// A record, or any table with named fields: a line for each.
    func record(_ table: LuaTable) -> String {
        let fields = Rows.fields(of: table).filter { $0.1 != .none }
        let names = fields.map { Escaping.visible($0.0) }
        let width = min(names.map { DisplayWidth.of($0) }.max() ?? 0, columns.map { $0 / 2 } ?? .max)
        return zip(names, fields).map { name, field in
            let room = columns.map { $0 - width - Self.gap } ?? .max
            let shown = cell(field.1, room: room)
            return style.cyan(DisplayWidth.pad(DisplayWidth.cut(name, to: width), to: width)) + "  " + shown
        }.joined(separator: "\n")
    }

    /// A heading, a line for each row, and the columns that did not fit named below.
    func table(_ content: Rows) -> String {
        let shownRows = content.cells.prefix(rows ?? .max)
        let texts = shownRows.map { $0.map { cell($0, room: columns == nil ? .max : Self.widest) } }
        let headings = content.columns.map { Escaping.visible($0) }
        let widths = headings.indices.map { index in
            texts.reduce(DisplayWidth.of(headings[index])) { max($0, DisplayWidth.of($1[index])) }
        }
        let isNumeric = headings.indices.map { index in
            shownRows.contains { $0[index] != .none }
                && shownRows.allSatisfy {
                    if case .integer = $0[index] {
                        true
                    } else if case .number = $0[index] {
                        true
                    } else {
                        $0[index] == .none
                    }
                }
        }
        var kept: [Int] = []
        var used = 0
        for index in headings.indices {
            let width = widths[index] + (kept.isEmpty ? 0 : Self.gap)
            guard let columns else {
                kept.append(index)
                continue
            }
            guard kept.isEmpty || used + width <= columns else { continue }
            kept.append(index)
            used += width
        }
        func line(_ cells: [String]) -> String {
            var parts = kept.map { index in
                isNumeric[index]
                    ? DisplayWidth.padLeft(cells[index], to: widths[index])
                    : DisplayWidth.pad(cells[index], to: widths[index])
            }
            if let last = kept.last, !isNumeric[last] { parts[parts.count - 1] = cells[last] }
            let text = parts.joined(separator: "  ")
            return columns.map { DisplayWidth.cut(text, to: $0) } ?? text
        }
        var lines = [style.bold(line(headings))]
        lines += texts.map(line)
        if content.cells.count > shownRows.count {
            lines.append(style.dim("… \(content.cells.count - shownRows.count) more rows; :last shows all"))
        }
        let hidden = headings.indices.filter { !kept.contains($0) }.map { headings[$0] }
        if !hidden.isEmpty {
            let note = "+ \(hidden.count) more column\(hidden.count == 1 ? "" : "s"): " + hidden.joined(separator: ", ")
            lines.append(style.dim(columns.map { DisplayWidth.cut(note, to: $0) } ?? note))
        }
        return lines.joined(separator: "\n")
    }

    private func cell(_ value: LuaValue, room: Int) -> String {
        let text =
            switch value {
            case .none: ""
            case .string(let text): Escaping.visible(text)
            case .bytes(let bytes): Escaping.visible(bytes)
            default: LuaText(columns: .max, entries: 10, depth: 4).text(value)
            }
        return room == .max ? text : DisplayWidth.cut(text, to: max(room, 4))
    }
}
