/// Reads the body of `PUT /_simulator/faults`.
enum FaultRules {
    static func read(_ body: JSON) throws(APIError) -> [FaultInjector.Rule] {
        var rules: [FaultInjector.Rule] = []
        for (index, json) in try body.requiredArray("rules").enumerated() {
            guard let action = json["action"], action.members != nil else {
                throw .missing(["rules[\(index)].action"])
            }
            var rule = FaultInjector.Rule(action: try self.action(action, at: index))
            rule.method = json["method"]?.string
            rule.path = json["path"]?.string
            rule.probability = json["probability"]?.double
            rule.nth = json["nth"]?.integer.map { Int(clamping: $0) }
            rule.times = json["times"]?.integer.map { Int(clamping: $0) }
            rules.append(rule)
        }
        return rules
    }

    private static func action(_ json: JSON, at index: Int) throws(APIError) -> FaultInjector.Action {
        var action = FaultInjector.Action()
        if let status = json["status"], !status.isNull {
            guard let code = status.integer, 200...599 ~= code else {
                throw .validation("rules[\(index)].action.status")
            }
            action.status = Int(code)
        }
        if let kind = json["kind"], !kind.isNull {
            guard let known = kind.string.flatMap(FaultInjector.Action.Kind.init) else {
                throw .validation(
                    "rules[\(index)].action.kind: reset_before, reset_after, truncate, slow_body or hang expected")
            }
            action.kind = known
        }
        for header in json["headers"]?.members ?? [] {
            let value = PropertyValidator.text(header.value) ?? ""
            if header.key.lowercased() == "content-type" {
                action.contentType = value
            } else {
                action.headers.append((header.key, value))
            }
        }
        switch json["body"] {
        case nil, .null?: break
        case .string(let text)?:
            action.body = Array(text.utf8)
            if action.contentType == nil { action.contentType = text.hasPrefix("<") ? "text/html" : "text/plain" }
        case let document?: action.body = document.bytes
        }
        if let delay = json["delay_ms"]?.double {
            guard 0...1e9 ~= delay else { throw .validation("rules[\(index)].action.delay_ms") }
            action.delay = .microseconds(Int64(delay * 1000))
        }
        return action
    }
}
