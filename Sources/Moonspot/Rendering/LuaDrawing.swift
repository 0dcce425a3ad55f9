import LuaRuntime
import Words

/// One value while ``LuaText`` draws it: where each table was drawn, and the room that is left.
struct LuaDrawing {
    let limits: LuaText
    private(set) var isCut = false
    private var lines = 0
    /// Where each table stands, by its identity: `.contacts[3]`; empty for the value itself.
    private var places: [UInt: String] = [:]
    /// The tables around the value that is being drawn.
    private var open: Set<UInt> = []

    init(limits: LuaText) { self.limits = limits }

    mutating func text(_ value: LuaValue) -> String {
        text(value, at: Spot(indent: 0, reserved: 0, level: 0, place: ""))
    }

    /// Where a value is drawn.
    private struct Spot {
        var indent: Int
        /// Cells of the first line that the text before and behind the value takes.
        var reserved: Int
        var level: Int
        var place: String
    }

    private mutating func text(_ value: LuaValue, at spot: Spot) -> String {
        guard case .table(let table) = value else { return spot.level == 0 ? LuaText.scalar(value) : element(value) }
        if let whole = whole(table, level: spot.level) { return whole }
        if let line = inlineOrNothing(table, at: spot) { return line }

        enter(table, place: spot.place)
        defer { leave(table) }
        let inner = String(repeating: " ", count: spot.indent + 2)
        var texts: [String] = []
        let shown = shown(table)
        var count = 0
        for (key, element) in shown where lines < limits.lines {
            let name = key.map { LuaText.key($0) + " = " } ?? ""
            let place = spot.place + Self.step(key, number: count + 1)
            lines += 1
            let body = text(
                element,
                at: Spot(
                    indent: spot.indent + 2, reserved: DisplayWidth.of(name) + 1, level: spot.level + 1, place: place))
            texts.append(inner + name + body + ",")
            count += 1
        }
        if let note = remainder(table, shown: count) { texts.append(inner + note) }
        lines += 1
        return opening(table) + "{\n" + texts.joined(separator: "\n") + "\n"
            + String(repeating: " ", count: spot.indent) + "}"
    }

    /// The values that take one word, however much room there is: an error, a mark, an empty table, one that lies too
    /// deep.
    private mutating func whole(_ table: LuaTable, level: Int) -> String? {
        if table.metatable == LuaError.metatable { return "<\(ErrorText.line(table))>" }
        let isEmpty = table.list.isEmpty && table.fields.isEmpty
        if let number = table.identity.number, let place = places[number], !isEmpty || table.isTruncated {
            return open.contains(number)
                ? (place.isEmpty ? "<cycle>" : "<cycle \(place)>")
                : place.isEmpty ? "<see the first>" : "<see \(place)>"
        }
        if isEmpty, !table.isTruncated { return table.isArray ? "json.array{}" : opening(table) + "{}" }
        guard isEmpty || level >= limits.depth else { return nil }
        isCut = true
        return opening(table) + "{ … }"
    }

    private func opening(_ table: LuaTable) -> String { table.typeName.map { Escaping.visible($0) + " " } ?? "" }

    private mutating func inlineOrNothing(_ table: LuaTable, at spot: Spot) -> String? {
        let before = (isCut, lines)
        var entered: [UInt] = []
        if let line = inline(
            table, level: spot.level, room: limits.columns - spot.indent - spot.reserved, spot.place, &entered)
        {
            return line
        }
        // Tables that were entered on a line that is not drawn were not drawn.
        for number in entered { places[number] = nil }
        (isCut, lines) = before
        return nil
    }

    /// The table on one line, or nil where it does not fit into `room` cells.
    private mutating func inline(
        _ table: LuaTable, level: Int, room: Int, _ place: String, _ entered: inout [UInt]
    ) -> String? {
        if let whole = whole(table, level: level) { return whole }
        if let number = table.identity.number, places[number] == nil { entered.append(number) }
        enter(table, place: place)
        defer { leave(table) }
        var parts: [String] = []
        var used = 4 + DisplayWidth.of(opening(table))
        for (index, (key, element)) in shown(table).enumerated() {
            let name = key.map { LuaText.key($0) + " = " } ?? ""
            let body: String
            if case .table(let nested) = element {
                let place = place + Self.step(key, number: index + 1)
                guard let line = inline(nested, level: level + 1, room: room - used, place, &entered) else {
                    return nil
                }
                body = line
            } else {
                guard Self.mayFit(element, into: room) else { return nil }
                body = self.element(element)
            }
            used += DisplayWidth.of(name) + DisplayWidth.of(body) + (parts.isEmpty ? 0 : 2)
            if used > room { return nil }
            parts.append(name + body)
        }
        if let note = remainder(table, shown: parts.count) {
            parts.append(note)
            used += DisplayWidth.of(note) + 2
        }
        return used > room ? nil : opening(table) + "{ " + parts.joined(separator: ", ") + " }"
    }

    /// False where a long string needs no measuring.
    private static func mayFit(_ value: LuaValue, into room: Int) -> Bool {
        let length =
            switch value {
            case .string(let text): text.utf8.count
            case .bytes(let bytes): bytes.count
            default: 0
            }
        return length < 4_096 || length / 16 < room
    }

    private mutating func enter(_ table: LuaTable, place: String) {
        guard let number = table.identity.number else { return }
        places[number] = places[number] ?? place
        open.insert(number)
    }

    private mutating func leave(_ table: LuaTable) {
        if let number = table.identity.number { open.remove(number) }
    }

    /// A scalar within a table: the address of a function says nothing there, and no limit is `math.huge`.
    private mutating func element(_ value: LuaValue) -> String {
        switch value {
        case .opaque("function", _): return "<function>"
        case .number(.infinity): return "math.huge"
        case .number(-.infinity): return "-math.huge"
        case .string(let text) where text.utf8.count > limits.characters:
            isCut = true
            return Escaping.quoted(String(text.prefix(limits.characters))) + "… (\(text.utf8.count) bytes)"
        case .bytes(let bytes) where bytes.count > limits.characters:
            isCut = true
            return Escaping.quoted(Array(bytes.prefix(limits.characters))) + "… (\(bytes.count) bytes)"
        default: return LuaText.scalar(value)
        }
    }

    private static func step(_ key: LuaValue?, number: Int) -> String {
        guard let key else { return "[\(number)]" }
        let name = LuaText.key(key)
        return name.hasPrefix("[") ? name : "." + name
    }

    private func shown(_ table: LuaTable) -> [(LuaValue?, LuaValue)] {
        let list = table.list.prefix(limits.entries).map { (LuaValue?.none, $0) }
        let fields = LuaText.sorted(table.fields).prefix(max(0, limits.entries - list.count)).map {
            (Optional($0.key), $0.value)
        }
        return list + fields
    }

    private mutating func remainder(_ table: LuaTable, shown: Int) -> String? {
        let more = table.list.count + table.fields.count + table.omitted - shown
        guard more > 0 else {
            isCut = isCut || table.isTruncated
            return table.isTruncated ? "… more" : nil
        }
        isCut = true
        return "… \(Counts.grouped(more)) more"
    }
}
