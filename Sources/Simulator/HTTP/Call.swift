import GRDB
import JSON

/// One request on its way through a handler.
struct Call: Sendable {
    let request: SimulatorRequest
    let version: PathVersion
    let parameters: [String: String]
    let portal: Portal
    /// The object types and properties when the call began.
    let schema: Schema
    /// Milliseconds since 1970.
    let now: Int64
    /// The body, read when the call began.
    let body: Result<JSONValue, APIError>
    let caller: Caller
    /// Keys of the records that a batch has made so far and that are undone if another of its inputs fails.
    var unsettled: Set<Int64> = []

    var query: Query { request.query }

    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The body as an object.
    func object() throws(APIError) -> JSONValue {
        let json = try body.get()
        guard json.members != nil else { throw .input("Cannot deserialize value from \(Self.token(json))", column: 1) }
        return json
    }

    /// The object type that the path names.
    func objectType() throws(APIError) -> PortalObjectType {
        try schema.type(parameter("type"))
    }

    func records(_ db: Database, of type: PortalObjectType) -> RecordStore {
        RecordStore(
            db: db, type: type, schema: schema, now: now, searchLag: portal.searchLag, ids: portal.ids,
            unsettled: unsettled)
    }

    func validator(_ type: PortalObjectType) -> PropertyValidator {
        PropertyValidator(type: type, schema: schema, portalID: Portal.id, version: version)
    }

    static func token(_ json: JSONValue) -> String {
        switch json {
        case .null: "null"
        case .bool: "Boolean value"
        case .number: "Number value"
        case .string: "String value"
        case .array: "Array value"
        case .object, .raw: "Object value"
        }
    }

    /// The body of a request, or why it is none.
    static func parse(_ bytes: [UInt8]) -> Result<JSONValue, APIError> {
        guard !bytes.isEmpty else {
            return .failure(.input("No content to map due to end-of-input", column: 0))
        }
        do throws(JSONSyntaxError) {
            return .success(try JSONValue.parse(bytes))
        } catch {
            return .failure(.input(error.reason, line: error.line, column: error.column))
        }
    }
}

extension JSONValue {
    /// 400 that names the members which are absent or null.
    func require(_ keys: [String]) throws(APIError) {
        let missing = keys.filter { self[$0]?.isNull != false }
        if !missing.isEmpty { throw .missing(missing) }
    }

    /// A member that must be there and be a list.
    func requiredArray(_ key: String) throws(APIError) -> [JSONValue] {
        guard let value = self[key], !value.isNull else { throw .missing([key]) }
        guard let array = value.array else {
            throw .input(
                "Cannot deserialize value of type `java.util.ArrayList` from \(Call.token(value)) at \"\(key)\"")
        }
        return array
    }

    /// A member that, where it is there and not null, must be a string, a number or a boolean; as text.
    func scalar(_ key: String) throws(APIError) -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let text = PropertyValidator.text(value) else {
            throw .input("Cannot deserialize value of type `java.lang.String` from \(Call.token(value)) at \"\(key)\"")
        }
        return text
    }

    func requiredScalar(_ key: String) throws(APIError) -> String {
        guard let text = try scalar(key) else { throw .missing([key]) }
        return text
    }

    /// A member that, where it is there and not null, must be a list of strings.
    func stringList(_ key: String) throws(APIError) -> [String] {
        guard let value = self[key], !value.isNull else { return [] }
        guard let array = value.array else {
            throw .input(
                "Cannot deserialize value of type `java.util.ArrayList` from \(Call.token(value)) at \"\(key)\"")
        }
        var result: [String] = []
        for element in array {
            guard let text = PropertyValidator.text(element) else {
                throw .input("Cannot deserialize value of type `java.lang.String` at \"\(key)\"")
            }
            result.append(text)
        }
        return result
    }
}
