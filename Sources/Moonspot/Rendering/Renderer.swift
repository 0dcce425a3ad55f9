import ArgumentParser
import Bindings
import LuaRuntime
import Words

/// How values are printed (`--output`).
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case text, json, jsonl, csv
}

/// Turns the values that a chunk returned into the text that is printed for them.
struct Renderer: Sendable {
    /// The reader: decides about strings, `nil` and how much is shown.
    enum Reader: Sendable {
        /// `-e`: a string by itself as `print` prints it, everything whole.
        case expression
        /// The REPL: control characters are shown, long values cut.
        case person
        /// `:last` at the REPL: control characters shown, everything whole.
        case patientPerson

        /// Whether nothing is sent to the terminal as it stands.
        var isPerson: Bool { self != .expression }
    }

    /// JSON text of a value, as `json.encode` makes it.
    typealias Encode = @Sendable (_ value: LuaValue, _ pretty: Bool) async throws(LuaFailure) -> [UInt8]

    var format: OutputFormat
    var reader: Reader
    var style: Style
    /// Cells of the terminal's line; nil where the output is none.
    var columns: Int?
    var settings = ConsoleSettings()
    var encode: Encode
    /// Whether an iterator shows the rows behind those that it showed last.
    var passes = false
    /// The typed line: the name of a module prints its functions.
    var typed = ""

    /// How much of the results a chunk has to copy out for this renderer.
    var snapshot: LuaRuntime.SnapshotLimit {
        var limit = shownLimit
        limit.passes = passes
        return limit
    }

    private var shownLimit: LuaRuntime.SnapshotLimit {
        guard format == .text else {
            return LuaRuntime.SnapshotLimit(
                depth: Self.jsonDepth, entries: .max, total: .max, marksRepeats: false, rows: .max)
        }
        switch reader {
        case .person: return LuaRuntime.SnapshotLimit(rows: Self.lookedAt)
        case .expression:
            return LuaRuntime.SnapshotLimit(depth: Self.textDepth, entries: .max, total: .max, rows: Self.page)
        case .patientPerson:
            return LuaRuntime.SnapshotLimit(depth: Self.textDepth, entries: .max, total: .max, rows: .max)
        }
    }

    /// Levels of tables that JSON may have (the rules of `json.encode`), and that text shows where everything is asked
    /// for.
    private static let jsonDepth = 1_000
    private static let textDepth = 200
    /// Elements of an iterator that are shown at the prompt.
    private static let lookedAt = 10
    /// Elements of an iterator that `-e` prints as text: as many as one request brings.
    private static let page = 100
    /// Of a string by itself, in bytes: so much is shown without `:last`.
    private static let longestString = 20_000
    /// Lines of a table's text, likewise.
    private static let mostLines = 250

    /// The output for the values of one chunk, each line ended; empty where there is nothing to print.
    func render(_ values: [LuaValue]) async throws(LuaFailure) -> [UInt8] {
        let values = ValueList.joined(values)
        var output: [UInt8] = []
        switch format {
        case .text:
            output = text(values)
        case .json:
            for value in values { output += try await json(Self.document(value), pretty: true) + [0x0A] }
        case .jsonl:
            for value in values {
                for element in ValueList(value)?.elements ?? [value] {
                    output += try await json(element, pretty: false) + [0x0A]
                }
            }
        case .csv:
            for value in values {
                output += try await DelimitedText.csv(value, columns: settings.columns, encode: json)
            }
        }
        return output
    }

    /// What is told on standard error where the output is lines for a program: why elements of a batch have no line. Lines,
    /// each ended; empty where there is nothing to tell.
    func remarks(_ values: [LuaValue], _ style: Style) -> String {
        guard format == .jsonl || format == .csv else { return "" }
        return values.compactMap { value -> String? in
            guard case .table(let table) = value, let (_, errors) = BatchText.lists(table), !errors.isEmpty else {
                return nil
            }
            return BatchText.text(errors, style) + "\n"
        }.joined()
    }

    /// An iterator as one document: the list of its elements.
    private static func document(_ value: LuaValue) -> LuaValue {
        guard let list = ValueList(value), list.source == .iterator else { return value }
        return .table(LuaTable(list: list.elements, isArray: true))
    }

    /// - Throws: kind `invalid_argument` for values that cannot be copied out of Lua and have no JSON: functions,
    ///   userdata, tasks.
    private func json(_ value: LuaValue, pretty: Bool) async throws(LuaFailure) -> [UInt8] {
        if Self.isTruncated(value) {
            let error = LuaError.invalidArgument(
                "tables more than \(Self.jsonDepth) levels deep cannot be printed as JSON")
            throw LuaFailure(value: error.luaValue, message: "\(error.kind): \(error.message)", kind: error.kind)
        }
        if let (place, type) = Self.opaque(in: value) {
            let error = LuaError.invalidArgument(
                "a \(type) cannot be printed as JSON\(place.isEmpty ? "" : " (at \(place))")")
            throw LuaFailure(value: error.luaValue, message: "\(error.kind): \(error.message)", kind: error.kind)
        }
        return try await encode(value, pretty)
    }

    /// The first value without a JSON form: `.list[2].f` and `function`.
    private static func opaque(in value: LuaValue) -> (place: String, type: String)? {
        switch value {
        case .opaque(let type, _): return ("", type)
        case .table(let table):
            for (index, element) in table.list.enumerated() {
                if let (place, type) = opaque(in: element) { return ("[\(index + 1)]\(place)", type) }
            }
            for field in table.fields {
                if let (place, type) = opaque(in: field.value) {
                    return (".\(Escaping.visible(field.key.asString ?? "?"))\(place)", type)
                }
            }
            return nil
        default: return nil
        }
    }

    /// Whether the snapshot's depth has cut something off.
    private static func isTruncated(_ value: LuaValue) -> Bool {
        guard case .table(let table) = value else { return false }
        return table.isTruncated || table.list.contains(where: isTruncated)
            || table.fields.contains { isTruncated($0.value) }
    }

    private func text(_ values: [LuaValue]) -> [UInt8] {
        if values.isEmpty { return [] }
        // Scalars stand on one line, as Lua's own REPL and `print` have them.
        let isOneLine = values.allSatisfy { if case .table = $0 { false } else { true } }
        let parts = values.map(block)
        return Array(parts.joined(separator: isOneLine ? [0x09] : [0x0A])) + [0x0A]
    }

    private func block(_ value: LuaValue) -> [UInt8] {
        switch value {
        case .string(let text) where !reader.isPerson: return Array(text.utf8)
        case .bytes(let bytes) where !reader.isPerson: return bytes
        case .opaque(_, let description) where !reader.isPerson: return Array(description.utf8)
        case .string(let text): return Array(cut(text).utf8)
        case .bytes(let bytes): return Array(cut(Escaping.visible(bytes)).utf8)
        case .opaque(_, let description): return Array(cut(description).utf8)
        case .table(let table): return Array(block(table).utf8)
        default: return Array(LuaColors.colored(LuaText.scalar(value), style).utf8)
        }
    }

    /// A string by itself: bare, as `print` has it, but nothing in it reaches the terminal as a command.
    private func cut(_ text: String) -> String {
        let isLong = reader == .person && text.utf8.count > Self.longestString
        let shown = isLong ? String(text.prefix(Self.longestString / 2)) : text
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
            .map {
                $0.split(separator: "\t", omittingEmptySubsequences: false).map { Escaping.visible(String($0)) }.joined(
                    separator: "\t")
            }
            .joined(separator: "\n")
        guard isLong else { return lines }
        let more = Counts.grouped(text.utf8.count - shown.utf8.count)
        return lines + "\n" + style.dim("… \(more) more bytes; :last shows all")
    }

    private func block(_ table: LuaTable) -> String {
        let isShort = reader == .person
        if isShort, let text = moduleText(table) { return text }
        let tables = textTable
        switch table.metatable {
        case LuaError.metatable?: return style.red(ErrorText.line(table))
        case Rows.recordMetatable?: return tables.record(table)
        case PlanText.metatable?: return PlanText(style: style).text(table)
        case CallNotesText.metatable?: return CallNotesText(style: style, columns: columns).text(table)
        default: break
        }
        if let (results, errors) = BatchText.lists(table) {
            return BatchText(style: style, tables: tables).text(results, errors)
        }
        if let list = ValueList(.table(table)), let text = text(list, of: table) { return text }
        if let kind = TableKind.of(table) { return text(table, kind) }
        var limits = LuaText(columns: columns ?? 80, entries: .max, depth: Self.textDepth)
        if isShort { (limits.entries, limits.depth, limits.lines, limits.characters) = (50, 8, Self.mostLines, 1_000) }
        let (drawn, isCut) = limits.drawn(.table(table))
        let text = LuaColors.colored(drawn, style)
        return isShort && isCut ? text + "\n" + style.dim("… :last shows all of it") : text
    }

    /// Help on the module that was typed by name, where the value is that module still.
    private func moduleText(_ table: LuaTable) -> String? {
        guard !typed.isEmpty, typed.utf8.count < 100,
            let functions = MoonspotModules.reference.functionNames(of: typed),
            !functions.isEmpty, functions.allSatisfy({ table[$0] != .none })
        else { return nil }
        return MoonspotModules.reference.help(for: typed, width: min(columns ?? 80, 100))
    }
}
