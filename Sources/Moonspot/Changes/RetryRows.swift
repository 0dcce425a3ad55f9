import JSON
import Journal
import Words

/// Records whose writes have failed, as rows that can be mended and imported: the properties as columns, and the reason. Rows
/// that one import takes make a table; a run that wrote several types, or new records beside known ones, leaves several.
struct RetryRows: Sendable {
    /// The column that says why; an import leaves it out.
    static let reason = "refused_because"

    /// How `import.lua` is told what its rows are.
    enum Form: Hashable, Sendable {
        case byID, new
        /// Known by a unique property; nil where the property is the type's usual one.
        case by(String?)

        var options: String {
            switch self {
            case .byID: " --by id"
            case .new: " --create"
            case .by(let property): property.map { " --by \($0)" } ?? ""
            }
        }

        /// What a file's name says of it.
        fileprivate var word: String {
            switch self {
            case .byID: "by-id"
            case .new: "new"
            case .by(let property): property.map { "by-\($0)" } ?? ""
            }
        }
    }

    struct Table: Sendable {
        let type: String
        let form: Form
        fileprivate var names: [String] = []
        fileprivate var rows: [(values: [String: String], reason: String)] = []

        var count: Int { rows.count }

        var bytes: [UInt8] {
            let names = names.filter { $0 == "id" } + names.filter { $0 != "id" }
            let lines = rows.map { row in names.map { row.values[$0] ?? "" } + [row.reason] }
            return ([names + [RetryRows.reason]] + lines)
                .flatMap { line in DelimitedText.line(line.map { Array($0.utf8) }) }
        }
    }

    /// In the order in which the run wrote the first row of each.
    private(set) var tables: [Table] = []

    /// The rows of all tables.
    var count: Int { tables.reduce(0) { $0 + $1.count } }

    init(_ items: [Retry.Item]) {
        for item in items {
            guard let type = item.write.type, let body = item.write.sent.map({ JSONSlice($0) }) else { continue }
            let input = body.field("inputs")?.elements()?.first
            guard let fields = (body.field("properties") ?? input?.field("properties"))?.fields() else { continue }
            let form = Self.form(of: item.write, input)
            var values = Dictionary(fields.map { ($0.name, $0.value.string ?? $0.value.text) }) { $1 }
            var names = fields.map(\.name)
            if case .byID = form, let id = item.write.id {
                values["id"] = id
                names.insert("id", at: 0)
            }
            let place = tables.firstIndex { $0.type == type && $0.form == form } ?? tables.endIndex
            if place == tables.endIndex { tables.append(Table(type: type, form: form)) }
            tables[place].names += names.filter { !tables[place].names.contains($0) }
            tables[place].rows.append((values, item.error ?? item.write.error ?? ""))
        }
    }

    private static func form(of write: Write, _ input: JSONSlice?) -> Form {
        if write.id != nil { return .byID }
        guard write.action == .upsert else { return .new }
        let property = input?.field("idProperty")?.string
        return .by(property == "email" ? nil : property)
    }

    /// The files for the tables: the one that was named, or several beside it whose names say what they hold.
    func files(_ name: String) -> [(path: String, table: Table)] {
        guard tables.count > 1 else { return tables.map { (name, $0) } }
        let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        let dot = name[slash...].lastIndex(of: ".").flatMap { $0 > slash ? $0 : nil } ?? name.endIndex
        return tables.map { table in
            let words = [table.type, table.form.word].filter { !$0.isEmpty }.joined(separator: "-")
            return ("\(name[..<dot])-\(words.replacing("/", with: "-"))\(name[dot...])", table)
        }
    }
}
