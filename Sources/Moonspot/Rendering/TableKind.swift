import LuaRuntime

/// What a table of HubSpot's is, other than a record, and which of its fields matter to a person: a definition, an option, a
/// pipeline. It is told by the fields that no other kind has all of.
struct TableKind: Sendable {
    struct Column: Sendable {
        var name: String
        var value: @Sendable (LuaTable) -> LuaValue

        init(_ name: String, _ value: @escaping @Sendable (LuaTable) -> LuaValue) {
            self.name = name
            self.value = value
        }

        /// A field as it is.
        init(_ name: String) { self.init(name) { $0[name] } }
    }

    /// One of them, and several.
    var noun: (one: String, several: String)
    var signature: [String]
    /// Those that matter first.
    var columns: [Column]
    /// The field that holds a list which one of the kind is shown with: the options of a definition.
    var part: String?
    /// Whether one by itself is told from a script's own table.
    var isDistinct = true

    func matches(_ value: LuaValue) -> Bool {
        guard case .table(let table) = value, table.metatable == nil, table.list.isEmpty else { return false }
        return signature.allSatisfy { table[$0] != .none }
    }

    /// - Parameter chosen: The columns that are wanted; none for those that matter.
    func rows(_ elements: [LuaValue], choosing chosen: [String] = []) -> Rows {
        let tables = elements.compactMap(\.asTable)
        if !chosen.isEmpty {
            return Rows(columns: chosen, cells: tables.map { table in chosen.map { value($0, of: table) } })
        }
        let all = columns.map(\.name)
        let cells = tables.map { table in columns.map { $0.value(table) } }
        // A column without a value in any row says nothing.
        let kept = all.indices.filter { index in cells.contains { $0[index] != .none && $0[index] != "" } }
        return Rows(columns: kept.map { all[$0] }, cells: cells.map { row in kept.map { row[$0] } })
    }

    /// What a column holds, or the field of that name.
    func value(_ name: String, of table: LuaTable) -> LuaValue {
        columns.first { $0.name == name }?.value(table) ?? table[name]
    }

    /// The kind of all elements; nil for records, and for those of different kinds.
    static func of(_ elements: [LuaValue]) -> TableKind? {
        guard let first = elements.first else { return nil }
        return all.first { kind in kind.matches(first) && elements.allSatisfy(kind.matches) }
    }

    /// The kind of one table by itself.
    static func of(_ table: LuaTable) -> TableKind? { all.first { $0.isDistinct && $0.matches(.table(table)) } }

    // MARK: The kinds, the more particular first

    static let all: [TableKind] = [
        definition, formField, form, pipeline, stage, schema, association, associationLabel, owner, list, member, group,
        option,
    ]

    private static let definition = TableKind(
        noun: ("property", "properties"), signature: ["name", "fieldType", "groupName", "type"],
        columns: [
            Column("name"), Column("label"), Column("type"), Column("fieldType"), Column("groupName"),
            Column("options") { names("value", of: $0["options"]) }, Column("rules") { rules(of: $0) },
            Column("description"), Column("updatedAt"),
        ], part: "options")

    private static let option = TableKind(
        noun: ("option", "options"), signature: ["label", "value", "displayOrder"],
        columns: ["value", "label", "description", "displayOrder", "hidden"].map { Column($0) }, isDistinct: false)

    private static let group = TableKind(
        noun: ("group", "groups"), signature: ["name", "label", "displayOrder"],
        columns: ["name", "label", "displayOrder", "archived"].map { Column($0) }, isDistinct: false)

    private static let pipeline = TableKind(
        noun: ("pipeline", "pipelines"), signature: ["id", "label", "stages"],
        columns: [
            Column("id"), Column("label"), Column("stages") { names("label", of: $0["stages"]) },
            Column("displayOrder"), Column("archived"), Column("updatedAt"),
        ], part: "stages")

    private static let stage = TableKind(
        noun: ("stage", "stages"), signature: ["id", "label", "metadata", "displayOrder"],
        columns: [
            Column("id"), Column("label"), Column("probability") { metadata("probability", of: $0) },
            Column("isClosed") { metadata("isClosed", of: $0) },
            Column("ticketState") { metadata("ticketState", of: $0) },
            Column("displayOrder"), Column("archived"), Column("updatedAt"),
        ])

    private static let form = TableKind(
        noun: ("form", "forms"), signature: ["id", "name", "fieldGroups"],
        columns: [
            Column("id"), Column("name"), Column("fields") { names("name", of: fields(of: $0)) }, Column("formType"),
            Column("updatedAt"), Column("createdAt"), Column("archived"),
        ], part: "fields")

    private static let formField = TableKind(
        noun: ("field", "fields"), signature: ["name", "fieldType", "objectTypeId"],
        columns: [
            Column("name"), Column("label"), Column("fieldType"), Column("required"), Column("objectTypeId"),
            Column("options") { names("value", of: $0["options"]) }, Column("hidden"), Column("defaultValue"),
        ], part: "options", isDistinct: false)

    private static let association = TableKind(
        noun: ("association", "associations"), signature: ["toObjectId", "associationTypes"],
        columns: [
            Column("toObjectId"),
            Column("labels") { names("label", of: $0["associationTypes"]) },
            Column("types") { names("typeId", of: $0["associationTypes"]) },
        ])

    private static let associationLabel = TableKind(
        noun: ("label", "labels"), signature: ["typeId", "category"],
        columns: ["typeId", "label", "category"].map { Column($0) }, isDistinct: false)

    private static let owner = TableKind(
        noun: ("owner", "owners"), signature: ["id", "email", "userId"],
        columns: [
            Column("id"), Column("email"), Column("firstName"), Column("lastName"),
            Column("teams") { names("name", of: $0["teams"]) }, Column("type"), Column("userId"), Column("archived"),
        ])

    private static let list = TableKind(
        noun: ("list", "lists"), signature: ["listId", "name", "processingType"],
        columns: [
            Column("listId"), Column("name"), Column("objectTypeId"), Column("processingType"),
            Column("size") { $0["additionalProperties"].asTable?["hs_list_size"] ?? .none }, Column("processingStatus"),
            Column("updatedAt"), Column("createdAt"),
        ])

    private static let member = TableKind(
        noun: ("member", "members"), signature: ["recordId", "membershipTimestamp"],
        columns: ["recordId", "membershipTimestamp"].map { Column($0) })

    private static let schema = TableKind(
        noun: ("type", "types"), signature: ["objectTypeId", "fullyQualifiedName", "labels"],
        columns: [
            Column("objectTypeId"), Column("name"), Column("fullyQualifiedName"),
            Column("label") { $0["labels"].asTable?["plural"] ?? .none }, Column("primaryDisplayProperty"),
            Column("requiredProperties") { $0["requiredProperties"] }, Column("updatedAt"),
        ])

    // MARK: What columns hold

    /// That field of each element of a list, in one line.
    private static func names(_ field: String, of list: LuaValue) -> LuaValue {
        let names = (list.asTable?.list ?? []).compactMap { element -> String? in
            let value = element.asTable?[field]
            return value?.asString
        }
        return names.isEmpty ? .none : .string(names.joined(separator: ", "))
    }

    private static func metadata(_ name: String, of stage: LuaTable) -> LuaValue {
        stage["metadata"].asTable?[name] ?? .none
    }

    /// What restricts a property.
    private static func rules(of definition: LuaTable) -> LuaValue {
        var rules: [String] = []
        if definition["modificationMetadata"].asTable?["readOnlyValue"] == true { rules.append("read-only") }
        for (field, word) in [("calculated", "calculated"), ("hasUniqueValue", "unique"), ("hidden", "hidden")]
        where definition[field] == true { rules.append(word) }
        return rules.isEmpty ? .none : .string(rules.joined(separator: ", "))
    }

    /// The fields of a form's groups, in their order.
    static func fields(of form: LuaTable) -> LuaValue {
        let groups = form["fieldGroups"].asTable?.list ?? []
        return .table(LuaTable(list: groups.flatMap { $0.asTable?["fields"].asTable?.list ?? [] }, isArray: true))
    }

    /// The list that one of the kind is shown with.
    func part(of table: LuaTable) -> [LuaValue] {
        guard let part else { return [] }
        let list = part == "fields" ? Self.fields(of: table) : table[part]
        return list.asTable?.list ?? []
    }
}
