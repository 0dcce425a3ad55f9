import JSON

/// Reads the body of `PUT /_simulator/faults`.
enum FaultRules {
    static func read(_ body: JSONValue) throws(APIError) -> [FaultInjector.Rule] {
        var rules: [FaultInjector.Rule] = []
        for (index, json) in try body.requiredArray("rules").enumerated() {
            guard let action = json["action"], action.members != nil else {
                throw .missing(["rules[\(index)].action"])
            }
            var rule = FaultInjector.Rule(action: try self.action(action, at: index))
            rule.method = json["method"]?.string
            rule.path = json["path"]?.string
            rule.probability = try probability(json, at: index)
            rule.nth = try positive("nth", json, at: index)
            rule.times = try positive("times", json, at: index)
            guard rule.probability == nil || rule.nth == nil else {
                throw .validation("rules[\(index)]: probability or nth expected, not both")
            }
            rules.append(rule)
        }
        return rules
    }

    private static func probability(_ rule: JSONValue, at index: Int) throws(APIError) -> Double? {
        guard let value = rule["probability"], !value.isNull else { return nil }
        guard case .number = value, let number = value.double, 0...1 ~= number else {
            throw .validation("rules[\(index)].probability: a number from 0 to 1 expected")
        }
        return number
    }

    private static func positive(_ name: String, _ rule: JSONValue, at index: Int) throws(APIError) -> Int? {
        guard let value = rule[name], !value.isNull else { return nil }
        guard case .number = value, let number = value.integer, number >= 1 else {
            throw .validation("rules[\(index)].\(name): a whole number from 1 on expected")
        }
        return Int(clamping: number)
    }

    private static func action(_ json: JSONValue, at index: Int) throws(APIError) -> FaultInjector.Action {
        var action = FaultInjector.Action()
        if let status = json["status"], !status.isNull {
            guard let code = status.integer, 200...599 ~= code else {
                throw .validation("rules[\(index)].action.status: a status from 200 to 599 expected")
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
        if let milliseconds = json["delay_ms"], !milliseconds.isNull {
            guard let delay = milliseconds.double, 0...1e9 ~= delay else {
                throw .validation("rules[\(index)].action.delay_ms: milliseconds from 0 to 1e9 expected")
            }
            action.delay = .microseconds(Int64(delay * 1000))
        }
        return action
    }
}
