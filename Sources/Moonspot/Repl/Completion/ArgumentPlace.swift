import HubSpot

/// What the portal knows about a place among a call's arguments: a property's name, its value, a form.
enum ArgumentPlace: Equatable {
    case propertyName(type: String)
    /// A property's name, or a word that joins conditions.
    case condition(type: String)
    case propertyValue(type: String, name: String)
    case `operator`
    case form
    case formField(String)
    case formValue(form: String, name: String)
    case list, owner
    case pipeline(String)
    case objectType
    /// A module that `require` finds.
    case module
    /// Nothing of the portal's; the function's declaration may know.
    case option

    init?(_ call: CompletionSite.Call) {
        var path = call.function
        if path == ["require"] {
            self = .module
            return
        }
        guard path.first == "hubspot", path.count >= 3 else {
            self = path == ["hubspot", "objects"] ? .objectType : .option
            return
        }
        path.removeFirst()
        // `hubspot.objects("deals").create`
        if path.starts(with: ["objects", "()"]) { return nil }
        let verb = path[path.count - 1]
        switch path[0] {
        case "forms":
            let takesFields = ["submit", "submit_and_wait", "preview", "check"].contains(verb)
            if ["list", "each", "create"].contains(verb) || call.argument > 1 { self = .option; return }
            self = call.argument == 0 ? .form : takesFields ? Self.field(call) : .option
        case "lists":
            self = call.argument == 0 && !["search", "search_each", "create", "find"].contains(verb) ? .list : .option
        case "owners": self = call.argument == 0 && verb == "get" ? .owner : .option
        case "pipelines":
            self = call.argument == 0 ? .objectType : call.argument == 1 ? .pipeline(call.texts[0] ?? "deals") : .option
        case "properties":
            self = call.argument == 0 ? .objectType : .option
            if call.argument == 1, ["get", "update", "delete"].contains(verb), let type = call.texts[0] {
                self = .propertyName(type: type)
            }
        case "associations": self = call.argument == 0 || call.argument == 2 ? .objectType : .option
        default:
            let type = ObjectType(path[0]).name
            guard ObjectType.standard.contains(where: { $0.name == path[0] || $0.name == type }) else {
                self = .option
                return
            }
            self = Self.object(call, verb, type: path[0], isBatch: path.count > 2)
        }
    }

    private static func field(_ call: CompletionSite.Call) -> ArgumentPlace {
        let form = call.texts[0] ?? ""
        if call.keys.isEmpty { return call.isAtKey ? .formField(form) : .option }
        return call.isAtKey || call.keys.count > 2 ? .option : .formValue(form: form, name: call.keys[0])
    }

    private static func object(
        _ call: CompletionSite.Call, _ verb: String, type: String, isBatch: Bool
    ) -> ArgumentPlace {
        var keys = call.keys
        // Lists of names.
        if let key = keys.first, ["properties", "propertiesWithHistory", "sorts", "by"].contains(key), !call.isAtKey,
            keys.count == 1 || keys.count == 2 && keys[1] == "[]"
        {
            if !(isBatch || holdsProperties(call, verb)) || key != "properties" { return .propertyName(type: type) }
        }
        if isBatch, keys.first == "[]" {
            keys.removeFirst()
            if keys.first == "properties" { keys.removeFirst() } else if verb == "update" { return .option }
            return property(keys, call.isAtKey, type)
        }
        if holdsProperties(call, verb) { return property(keys, call.isAtKey, type) }
        if keys.first == "associations" {
            return keys.count == 1 && call.isAtKey || keys.count == 2 && !call.isAtKey && keys[1] == "[]"
                ? .objectType : .option
        }
        // Conditions: in a query, or an argument of their own.
        if verb == "update_where", call.argument == 0 { return condition(keys, call.isAtKey, type) }
        if keys.first == "where" { return condition(Array(keys.dropFirst()), call.isAtKey, type) }
        if keys.starts(with: ["any", "[]"]) { return condition(Array(keys.dropFirst(2)), call.isAtKey, type) }
        if keys.last == "idProperty" || keys.last == "property" { return .propertyName(type: type) }
        return .option
    }

    /// Whether the argument is a table of a record's properties.
    private static func holdsProperties(_ call: CompletionSite.Call, _ verb: String) -> Bool {
        switch verb {
        case "create": call.argument == 0
        case "update", "upsert", "update_where": call.argument == 1
        default: false
        }
    }

    private static func property(_ keys: [String], _ isAtKey: Bool, _ type: String) -> ArgumentPlace {
        if keys.isEmpty { return isAtKey ? .propertyName(type: type) : .option }
        return isAtKey ? .option : .propertyValue(type: type, name: keys[0])
    }

    private static func condition(_ keys: [String], _ isAtKey: Bool, _ type: String) -> ArgumentPlace {
        if keys.starts(with: ["any", "[]"]) { return condition(Array(keys.dropFirst(2)), isAtKey, type) }
        if keys.isEmpty { return isAtKey ? .condition(type: type) : .option }
        if isAtKey { return keys.count == 1 ? .operator : .option }
        return .propertyValue(type: type, name: keys[0])
    }
}
