import LuaRuntime
import Words

/// Records as aligned columns.
struct TextTable: Sendable {
    var style: Style
    /// Cells of the terminal's line; nil where the output is no terminal and every column is printed whole.
    var columns: Int?
    /// Rows that are shown; the rest is counted.
    var rows: Int?
    /// Whether each row is a block of lines.
    var vertical = ConsoleSettings.Choice.auto
    /// The columns that are shown, in their order; none for all.
    var chosen: [String] = []
    /// Whether nothing is cut or left out: a row that does not fit the line becomes a block of lines.
    var isWhole = false

    private static let gap = 2
    private static let widest = 40
    /// So many rows may become blocks of lines.
    private static let fewRows = 3
    /// And so many where their ids alone fill the line.
    private static let someRows = 12

    /// A record: a line for each of its fields.
    func record(_ table: LuaTable) -> String {
        let all = Rows.fields(of: table)
        return fields(chosen.isEmpty ? all.filter { $0.1 != .none } : Rows.choosing(chosen, of: all))
    }

    /// A line for each field.
    func fields(_ fields: [(String, LuaValue)]) -> String {
        let names = fields.map { Escaping.visible($0.0) }
        let width = min(
            names.map { DisplayWidth.of($0) }.max() ?? 0, isWhole ? .max : columns.map { $0 / 2 } ?? .max)
        return zip(names, fields).map { name, field in
            let room = isWhole ? .max : columns.map { $0 - width - Self.gap } ?? .max
            let shown =
                field.1.isEmpty
                ? style.dim("(empty)") : isWhole ? whole(field.1, indent: width + Self.gap) : cell(field.1, room: room)
            return style.cyan(DisplayWidth.pad(DisplayWidth.cut(name, to: width), to: width)) + "  " + shown
        }.joined(separator: "\n")
    }

    /// Each row as lines of its own, under its number. What was asked for has a line though it is empty.
    private func blocks(_ content: Rows) -> String {
        content.cells.prefix(rows ?? .max).enumerated().map { index, row in
            let number = style.dim("─ \(index + 1) " + String(repeating: "─", count: 20))
            let asked = zip(content.columns, row).filter { !chosen.isEmpty || $0.1 == .null || !$0.1.isEmpty }
            return number + "\n" + fields(asked)
        }.joined(separator: "\n")
    }

    /// A heading, a line for each row, and the columns that did not fit named below. Where most columns do not fit and the rows
    /// are few, or it is set so, each row is a block of lines.
    func table(_ all: Rows) -> String {
        let content = chosen.isEmpty ? all : all.choosing(chosen)
        let shownRows = content.cells.prefix(rows ?? .max)
        let texts = shownRows.map { $0.map { cell($0, room: columns == nil ? .max : Self.widest) } }
        let headings = content.columns.map { Escaping.visible($0) }
        var fitting = FittingColumns(
            headings.indices.map { index in
                texts.reduce(DisplayWidth.of(headings[index])) { max($0, DisplayWidth.of($1[index])) }
            })
        fitting.fit(into: columns)
        let hidden = headings.indices.filter { !fitting.kept.contains($0) }.map { headings[$0] }
        let most = fitting.isCrowded ? Self.someRows : Self.fewRows
        let isWide = !hidden.isEmpty && hidden.count > fitting.kept.count && shownRows.count <= most
        if isWhole, vertical != .off, fitting.isCut || texts.joined().contains(where: { $0.hasSuffix("…") }) {
            return blocks(content)
        }
        let more = content.cells.count - shownRows.count
        let rest = more > 0 ? [style.dim("… \(Counts.counted(more, "more row")); :last shows all")] : []
        if vertical == .on || vertical == .auto && isWide { return ([blocks(content)] + rest).joined(separator: "\n") }

        let isNumeric = headings.indices.map { index in Self.isNumeric(shownRows.map { $0[index] }) }
        func line(_ cells: [String]) -> String {
            let parts = fitting.kept.map { index in
                let text = DisplayWidth.cut(cells[index], to: fitting.widths[index])
                return isNumeric[index]
                    ? DisplayWidth.padLeft(text, to: fitting.widths[index])
                    : DisplayWidth.pad(text, to: fitting.widths[index])
            }
            var text = parts.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return columns.map { DisplayWidth.cut(text, to: $0) } ?? text
        }
        var lines = [style.bold(line(headings))]
        lines += texts.map(line) + rest
        if !hidden.isEmpty {
            let note = "+ \(hidden.count) more column\(hidden.count == 1 ? "" : "s"): " + hidden.joined(separator: ", ")
            lines.append(style.dim(columns.map { DisplayWidth.cut(note, to: $0) } ?? note))
        }
        return lines.joined(separator: "\n")
    }

    /// Whether a column holds numbers, and nothing else.
    private static func isNumeric(_ values: [LuaValue]) -> Bool {
        let given = values.filter { !$0.isEmpty }
        return !given.isEmpty
            && given.allSatisfy {
                switch $0 {
                case .integer, .number: true
                default: false
                }
            }
    }

    /// A value with all that is in it; further lines stand below its first.
    private func whole(_ value: LuaValue, indent: Int) -> String {
        guard case .table(let table) = value, !table.fields.isEmpty || !table.list.allSatisfy(\.isScalar) else {
            return cell(value, room: .max)
        }
        let text = LuaText(columns: max(20, (columns ?? 80) - indent), entries: .max, depth: 200).text(value)
        return text.replacing("\n", with: "\n" + String(repeating: " ", count: indent))
    }

    private func cell(_ value: LuaValue, room: Int) -> String {
        let text =
            switch value {
            case .none, .null: ""
            case .opaque(_, let description): Escaping.visible(description)
            case .string(let text): Escaping.visible(text)
            case .bytes(let bytes): Escaping.visible(bytes)
            case .table(let table)
            where table.fields.isEmpty && !table.list.isEmpty && table.list.allSatisfy(\.isScalar):
                Escaping.visible(table.list.map { $0.asString ?? LuaText.scalar($0) }.joined(separator: ", "))
            default: LuaText(columns: .max, entries: 10, depth: 4).text(value)
            }
        return room == .max ? text : DisplayWidth.cut(text, to: max(room, 4))
    }
}

/// The columns of a table that there is room for.
struct FittingColumns {
    /// Cells of each column.
    private(set) var widths: [Int]
    /// Those that are shown.
    private(set) var kept: [Int]
    /// Whether the first was cut, since it left no room for the second.
    private(set) var isCrowded = false
    /// Whether a column is left out or narrower than what it holds.
    private(set) var isCut = false

    /// The name or address of a row, which stands second, is cut rather than left out, as long as so many cells of it are shown.
    private static let least = 8
    private static let gap = 2

    init(_ widths: [Int]) {
        self.widths = widths
        kept = Array(widths.indices)
    }

    mutating func fit(into columns: Int?) {
        guard let columns else { return }
        let wanted = widths
        defer { isCut = kept.count < widths.count || widths != wanted }
        if widths.count > 1, widths[0] + Self.gap + min(widths[1], Self.least) > columns {
            isCrowded = true
            widths[0] = max(1, columns - Self.gap - min(widths[1], columns / 2))
        }
        kept = []
        var used = 0
        for index in widths.indices {
            let gap = kept.isEmpty ? 0 : Self.gap
            let room = columns - used - gap
            if widths[index] > room {
                guard kept.isEmpty || index == 1 && room >= Self.least else { continue }
                widths[index] = min(widths[index], max(room, 1))
            }
            kept.append(index)
            used += gap + widths[index]
        }
    }
}

extension LuaValue {
    /// Whether there is nothing to show.
    var isEmpty: Bool { self == .none || self == .null || self == .string("") }

    /// Whether the value is text, a number or a boolean.
    var isScalar: Bool {
        switch self {
        case .string, .integer, .number, .boolean: true
        default: false
        }
    }
}
