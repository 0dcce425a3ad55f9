import JSON
import LuaRuntime

extension LuaValue {
    init(_ text: String?) { self = text.map(LuaValue.string) ?? .none }

    /// A small JSON document as Lua has it: null is left out of objects and is `json.null` in lists.
    init(_ document: JSONValue) {
        switch document {
        case .null: self = .null
        case .bool(let flag): self = .boolean(flag)
        case .number(let text): self = Int64(text).map(LuaValue.integer) ?? .number(Double(text) ?? .nan)
        case .string(let text): self = .string(text)
        case .array(let list): self = .table(LuaTable(list: list.map { LuaValue($0) }, isArray: true))
        case .object(let members):
            self = .object(
                members.sorted { $0.key < $1.key }.filter { !$0.value.isNull }.map { ($0.key, LuaValue($0.value)) })
        case .raw(let slice): self = .json(slice)
        }
    }

    /// A slice of an answer, parsed in the bridge.
    static func json(_ slice: JSONSlice) -> LuaValue { .document(JSONDocument(slice.bytes)) }
    static func record(_ slice: JSONSlice) -> LuaValue {
        .document(JSONDocument(slice.bytes, root: LuaNames.record, nulls: LuaNames.properties))
    }
    /// A page of records.
    static func page(_ slice: JSONSlice) -> LuaValue {
        .document(
            JSONDocument(
                slice.bytes, root: LuaNames.page, elements: ("results", LuaNames.record), nulls: LuaNames.properties))
    }
    /// A page of something else: forms, owners.
    static func plainPage(_ slice: JSONSlice) -> LuaValue {
        .document(JSONDocument(slice.bytes, root: LuaNames.page))
    }
}

extension LuaValue {
    /// A count: an integer where it is finite, `math.huge` without a limit, nil where it is not known.
    static func count(_ number: Double?) -> LuaValue {
        guard let number else { return .none }
        return Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }
}
