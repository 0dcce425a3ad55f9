import HTTPTypes
import HubSpot
import JSON
import LuaRuntime
import Wire

extension LuaShape {
    static let requestOptions = LuaShape(
        "hubspot.RequestOpts", "What goes along with the request.",
        fields: [
            .optional("query", .map(.any), "Strings, numbers, booleans, or lists of them for a name that repeats."),
            .optional("body", .any, "A table is sent as JSON, a string as it is."),
            .optional("headers", .map(.either([.string, .number])), "Further headers; not Authorization, not Host."),
            .optional("raise", .boolean, "False: an answer of any status is returned, none raised."),
            Shapes.confirm,
        ])
    static let response = LuaShape(
        "hubspot.Response", "An answer.",
        fields: [
            .optional("status", .integer, "Nil where the call was not sent (`--dry-run`)."),
            .required("headers", .map(.string), "Names in lower case."),
            .optional(
                "body", .any,
                "JSON as tables, anything else as a string; nil where there is none. In a dry run what was given."),
            .optional("dry_run", .boolean, "True where the call was not sent (`--dry-run`)."),
        ])
}

extension LuaFunction {
    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    static func request(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "request", "Sends any request in the same session.",
            details:
                "Quota, retries, `--read-only`, `--dry-run` and `--allow` follow from method and path. A path that "
                + "begins with /submissions/ goes to the forms host.",
            parameters: parameters,
            returns: [LuaReturn(.shape(.response), "`{ status, headers, body }`.")],
            raises: ["not_found", "validation"],
            example: "hubspot.request(\"GET\", \"/crm/v3/owners\", { query = { limit = 5 } }).body.results",
            body: .lua("request"))
    }

    private static let parameters: [LuaParameter] = [
        .required("method", .described(.string, by: .choice(methods)), "GET, POST, PUT, PATCH or DELETE."),
        .required("path", .string, "Begins with one `/`; names no host."),
        .optional("opts", .shape(.requestOptions), "What goes along."),
    ]

    /// Answers status, headers and body.
    static func send(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "send", "Sends any request.", parameters: parameters,
            body: .suspending { call in
                let call = call.named("hubspot.request")
                let request = try call.apiRequest()
                let opts = call.arguments.count > 2 ? call.arguments[2].asTable : nil
                let raises = opts?["raise"].asBoolean ?? true
                let (answer, plannedID) = try await source.use(for: call) {
                    try await $0.requestOrPlan(request, raises: raises)
                }
                guard let answer else {
                    let given = request.body.map { LuaValue.string(String(decoding: $0, as: UTF8.self)) } ?? .none
                    let isJSON = opts?["body"].asTable != nil
                    var json = JSONSlice(request.body ?? [])
                    if let plannedID { json = json.adding("id", JSONValue.string(plannedID).bytes) }
                    let body = isJSON ? LuaValue.json(json) : given
                    return [.none, .object([]), body, true]
                }
                return [.integer(Int64(answer.status)), headers(of: answer), body(of: answer)]
            })
    }

    private static func headers(of answer: APIResponse) -> LuaValue {
        var names: [String] = []
        var values: [String: String] = [:]
        for field in answer.headers {
            let name = field.name.canonicalName
            if let earlier = values[name] {
                values[name] = "\(earlier), \(field.value)"
            } else {
                names.append(name)
                values[name] = field.value
            }
        }
        return .object(names.map { ($0, LuaValue(values[$0])) })
    }

    private static func body(of answer: APIResponse) -> LuaValue {
        guard !answer.body.isEmpty else { return .none }
        let isJSON = answer.header("content-type")?.lowercased().contains("json") ?? false
        if isJSON, JSONSlice(answer.body).isWellFormed, String(validating: answer.body, as: UTF8.self) != nil {
            return .document(JSONDocument(answer.body[...]))
        }
        return String(validating: answer.body, as: UTF8.self).map(LuaValue.string) ?? .bytes(answer.body)
    }

    fileprivate static func isMethod(_ name: String) -> Bool { methods.contains(name) }
}

extension LuaCall {
    /// The same call under another name, for messages.
    func named(_ function: String) -> LuaCall {
        LuaCall(
            function: function, parameters: [], arguments: arguments, isTyped: isTyped, scope: scope,
            progress: progress)
    }
}

extension LuaCall {
    fileprivate func apiRequest() throws -> APIRequest {
        let name = arguments[0].asString?.uppercased() ?? ""
        guard LuaFunction.isMethod(name), let method = HTTPRequest.Method(rawValue: name) else {
            throw bad("method", "GET, POST, PUT, PATCH or DELETE expected, got \(shown(arguments[0].asString ?? ""))")
        }
        let text = arguments[1].asString ?? ""
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts.first ?? "")
        try check(path: path)
        let opts = arguments.count > 2 ? arguments[2].asTable : nil
        var query = try parts.count > 1 ? items(inPath: parts[1]) : []
        query += try items(opts?["query"].asTable)
        let body: [UInt8]? =
            switch opts?["body"] ?? .none {
            case .none: nil
            case .string(let text): Array(text.utf8)
            case .bytes(let bytes): bytes
            case let value: try json("opts.body", value).bytes
            }
        let isForms = path.hasPrefix("/submissions/")
        return APIRequest(
            method, path, host: isForms ? .forms : .api, query: query, headers: try headers(opts?["headers"].asTable),
            body: body, isAuthenticated: !isForms || path.contains("/secure/"))
    }

    private func check(path: String) throws {
        guard path.hasPrefix("/"), !path.hasPrefix("//") else {
            throw bad("path", "a path that begins with one '/' expected, got \(shown(path))")
        }
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"#<>\\^`{|}".utf8.contains($0) }) else {
            throw bad(
                "path", "only characters that a URL may hold expected (others percent-encoded), got \(shown(path))")
        }
        for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let text = PercentEncoding.decode(segment) else {
                throw bad("path", "no broken percent-encoding expected, got \(shown(path))")
            }
            guard isPathSafe(text) else {
                throw bad(
                    "path",
                    "no empty part, no '.' or '..', no control character or backslash expected, got \(shown(path))")
            }
        }
        guard path.utf8.count <= 8_000 else {
            throw bad("path", "8,000 bytes at most expected, got \(path.utf8.count)")
        }
    }

    private func items(inPath text: Substring) throws -> [(name: String, value: String)] {
        try text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0]),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "")
            else { throw bad("path", "a percent-encoded query expected, got \(shown(String(text)))") }
            return (name, value)
        }
    }

    private func items(_ table: LuaTable?) throws -> [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        let fields = (table?.fields ?? []).compactMap { field in field.key.asString.map { ($0, field.value) } }
        for (name, value) in fields.sorted(by: { $0.0 < $1.0 }) {
            if let list = value.asTable, list.fields.isEmpty {
                for (offset, element) in list.list.enumerated() {
                    items.append((name, try scalarText("opts.query.\(name)[\(offset + 1)]", element)))
                }
            } else {
                items.append((name, try scalarText("opts.query.\(name)", value)))
            }
        }
        return items
    }

    private func headers(_ table: LuaTable?) throws -> HTTPFields {
        var headers = HTTPFields()
        let fields = (table?.fields ?? []).compactMap { field in field.key.asString.map { ($0, field.value) } }
        for (name, value) in fields.sorted(by: { $0.0 < $1.0 }) {
            let path = "opts.headers.\(name)"
            guard let field = HTTPField.Name(name) else { throw bad(path, "a header's name expected") }
            guard
                !["authorization", "host", "content-length", "transfer-encoding", "connection", "proxy-authorization"]
                    .contains(field.canonicalName)
            else { throw bad(path, "the session sets this header itself") }
            let text = try scalarText(path, value)
            guard HTTPField.isValidValue(text) else { throw bad(path, "a header's value expected, got \(shown(text))") }
            headers.append(HTTPField(name: field, value: text))
        }
        return headers
    }
}
