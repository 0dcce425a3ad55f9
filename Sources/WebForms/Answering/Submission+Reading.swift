package import JSON

extension WebForm.Submission {
    /// Reads the body of a request as HubSpot does. Members that it does not know are passed over.
    /// - Throws: HubSpot's answer to a body that is no submission.
    package init(received bytes: [UInt8], isSecure: Bool) throws(WebForm.Refusal) {
        guard !bytes.isEmpty else { throw .input("No content to map due to end-of-input", column: 0) }
        let body: JSONValue
        do throws(JSONSyntaxError) { body = try JSONValue.parse(bytes) } catch {
            throw .input(error.reason, line: error.line, column: error.column)
        }
        try self.init(received: body, isSecure: isSecure)
    }

    package init(received body: JSONValue, isSecure: Bool) throws(WebForm.Refusal) {
        guard body.members != nil else {
            throw .input("Cannot deserialize value from \(body.token)", column: 1)
        }
        guard let given = body["fields"], !given.isNull else { throw .missing(["fields"]) }
        guard let list = given.array else {
            throw .input("Cannot deserialize value of type `java.util.ArrayList` from \(given.token) at \"fields\"")
        }
        var fields: [Value] = []
        for entry in list {
            guard entry.members != nil else {
                throw .input("Cannot deserialize value from \(entry.token) at \"fields\"")
            }
            let type = try entry.single("objectTypeId") ?? "0-1"
            guard let name = try entry.single("name") else { throw .missing(["name"]) }
            fields.append(Value(objectTypeID: type, name: name, value: try entry.single("value") ?? ""))
        }
        self.init(
            fields: fields, context: Self.present(body["context"]),
            legalConsentOptions: Self.present(body["legalConsentOptions"]),
            skipValidation: body["skipValidation"]?.bool,
            isSecure: isSecure)
        if let time = Self.present(body["submittedAt"]) {
            guard let milliseconds = time.integer else {
                throw .input("Cannot deserialize value of type `long` at \"submittedAt\"")
            }
            submittedAt = String(milliseconds)
        }
    }

    private static func present(_ value: JSONValue?) -> JSONValue? { value?.isNull ?? true ? nil : value }
}

extension JSONValue {
    /// As HubSpot's errors call it.
    fileprivate var token: String {
        switch self {
        case .null: "null"
        case .bool: "Boolean value"
        case .number: "Number value"
        case .string: "String value"
        case .array: "Array value"
        case .object, .raw: "Object value"
        }
    }

    /// A member that, where it is there and not null, must be a text, a number or true or false; as text. A list of choices is
    /// none of them.
    fileprivate func single(_ name: String) throws(WebForm.Refusal) -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let text = WebForm.Submission.text(value) else {
            throw .input("Cannot deserialize value of type `java.lang.String` from \(value.token) at \"\(name)\"")
        }
        return text
    }
}
