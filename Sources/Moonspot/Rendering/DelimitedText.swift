import LuaRuntime

/// CSV as RFC 4180 has it, with a newline behind each row: a heading and a row for each record, or a row for each
/// element of a list of lists or of single values.
enum DelimitedText {
    ///
    /// - Parameter columns: Those that are written; none for all.
    static func csv(
        _ value: LuaValue, columns: [String] = [], encode: Renderer.Encode
    ) async throws(LuaFailure) -> [UInt8] {
        let list = ValueList(value)
        let isSingle = list == nil
        let elements = list?.elements ?? [value]
        var output: [UInt8] = []
        if elements.isEmpty { return output }
        let named = Submissions.matches(elements) ? Submissions.rows(elements) : Rows(elements)
        if var rows = named, !rows.columns.isEmpty {
            if !columns.isEmpty { rows = rows.choosing(columns) }
            output += line(rows.columns.map { Array($0.utf8) })
            for row in rows.cells {
                var cells: [[UInt8]] = []
                for cell in row { cells.append(try await text(cell, encode)) }
                output += line(cells)
            }
            return output
        }
        for element in elements {
            var cells: [[UInt8]] = []
            if case .table(let table) = element, table.fields.isEmpty, !isSingle {
                for cell in table.list { cells.append(try await text(cell, encode)) }
            } else {
                cells.append(try await text(element, encode))
            }
            output += line(cells)
        }
        return output
    }

    private static func text(_ value: LuaValue, _ encode: Renderer.Encode) async throws(LuaFailure) -> [UInt8] {
        switch value {
        case .none, .null, Rows.unfetched: []
        case .string(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        case .table, .document: try await encode(value, false)
        default: Array(LuaText.scalar(value).utf8)
        }
    }

    static func line(_ cells: [[UInt8]]) -> [UInt8] {
        // A row that is one empty cell would be an empty line, which readers skip.
        let quoted = cells.map { $0.isEmpty && cells.count == 1 ? [0x22, 0x22] : field($0) }
        return Array(quoted.joined(separator: [0x2C])) + [0x0A]
    }

    private static func field(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return bytes }
        return [0x22] + bytes.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
    }
}
