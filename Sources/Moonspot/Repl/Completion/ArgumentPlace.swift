import HubSpot

/// What the portal or the machine knows about a place among a call's arguments: a property's name, its value, a form.
enum ArgumentPlace: Equatable {
    case propertyName(type: String)
    case propertyValue(type: String, name: String)
    /// The name of a property, or `any`.
    case condition(type: String)
    case `operator`
    case form
    case formField(String)
    case formValue(form: String, name: String)
    case list, owner
    case pipeline(String), stage(String)
    case objectType
    /// An object type as the name of what is linked.
    case linkedType
    case profile, module, file
    /// Nothing of these; the function's declaration may know.
    case option

    /// Whether what is written there, as a key, can be no name of Lua's.
    var isName: Bool {
        switch self {
        case .propertyName, .condition, .operator, .linkedType: true
        default: false
        }
    }

    init(_ call: CompletionSite.Call) {
        let isText = call.keys.isEmpty && !call.isAtKey && call.argument == 0
        switch call.function {
        case ["require"]: self = isText ? .module : .option
        case ["dofile"], ["loadfile"], ["io", "open"], ["io", "lines"], ["io", "input"], ["io", "output"]:
            self = isText ? .file : .option
        case ["hubspot", "objects"]: self = isText ? .objectType : .option
        case ["hubspot", "connect"]: self = isText ? .profile : .option
        case let path where path.starts(with: ["hubspot", "objects", "()"]) && path.count > 3:
            self =
                call.given.map { Self.object(call, path[path.count - 1], type: $0, isBatch: path.count > 4) } ?? .option
        case let path where path.first == "hubspot" && path.count > 2: self = Self.place(call, Array(path.dropFirst()))
        default: self = .option
        }
    }

    private static func place(_ call: CompletionSite.Call, _ path: [String]) -> ArgumentPlace {
        let verb = path[path.count - 1]
        switch path[0] {
        case "forms":
            let takesFields = ["submit", "submit_and_wait", "preview", "check"].contains(verb)
            if ["list", "each", "create"].contains(verb) || call.argument > 1 { return .option }
            return call.argument == 0 ? .form : takesFields ? field(call) : .option
        case "lists":
            return call.argument == 0 && !["search", "search_each", "create", "find"].contains(verb) ? .list : .option
        case "owners": return call.argument == 0 && verb == "get" ? .owner : .option
        case "pipelines":
            let type = call.texts[0] ?? "deals"
            switch call.argument {
            case 0: return .objectType
            case 1: return call.keys.isEmpty && !call.isAtKey ? .pipeline(type) : .option
            case 2 where verb.hasSuffix("stage") && verb != "create_stage" && call.keys.isEmpty: return .stage(type)
            default: return .option
            }
        case "properties":
            if call.argument == 1, ["get", "update", "delete"].contains(verb), let type = call.texts[0] {
                return .propertyName(type: type)
            }
            return call.argument == 0 ? .objectType : .option
        case "associations": return call.argument == 0 || call.argument == 2 ? objectType(call) : .option
        default:
            let type = ObjectType(path[0]).name
            guard ObjectType.standard.contains(where: { $0.name == path[0] || $0.name == type }) else { return .option }
            return object(call, verb, type: path[0], isBatch: path.count > 2)
        }
    }

    /// In place of an argument, and not within a table.
    private static func objectType(_ call: CompletionSite.Call) -> ArgumentPlace {
        call.keys.isEmpty && !call.isAtKey ? .objectType : .option
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
        let holdsRecords = isBatch ? call.argument == 0 : holdsProperties(call, verb)
        // Lists of names.
        if let key = keys.first, ["properties", "propertiesWithHistory", "sorts", "by"].contains(key), !call.isAtKey,
            keys.count == 1 || keys.count == 2 && keys[1] == "[]"
        {
            if !holdsRecords || key != "properties" { return .propertyName(type: type) }
        }
        if holdsRecords, isBatch {
            guard keys.first == "[]" else { return .option }
            keys.removeFirst()
            if keys.first == "associations" { return links(Array(keys.dropFirst()), call.isAtKey) }
            if keys.first == "properties" { keys.removeFirst() } else if verb == "update" { return .option }
            return property(keys, call.isAtKey, type)
        }
        if holdsRecords { return property(keys, call.isAtKey, type) }
        if keys.first == "associations" {
            if verb == "create" { return links(Array(keys.dropFirst()), call.isAtKey) }
            return call.isAtKey ? .option : .objectType
        }
        // Conditions: in a query, or an argument of their own.
        if verb == "update_where", call.argument == 0 { return condition(keys, call.isAtKey, type) }
        if keys.first == "where" { return condition(Array(keys.dropFirst()), call.isAtKey, type) }
        if keys.first == "any" { return condition(keys, call.isAtKey, type) }
        if !call.isAtKey, let key = keys.last, ["idProperty", "property", "propertyName"].contains(key) {
            return .propertyName(type: type)
        }
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

    private static func links(_ keys: [String], _ isAtKey: Bool) -> ArgumentPlace {
        keys.isEmpty && isAtKey ? .linkedType : .option
    }

    private static func property(_ keys: [String], _ isAtKey: Bool, _ type: String) -> ArgumentPlace {
        if keys.isEmpty { return isAtKey ? .propertyName(type: type) : .option }
        return isAtKey ? .option : .propertyValue(type: type, name: keys[0])
    }

    private static func condition(_ keys: [String], _ isAtKey: Bool, _ type: String) -> ArgumentPlace {
        if keys.starts(with: ["any", "[]"]) { return condition(Array(keys.dropFirst(2)), isAtKey, type) }
        if keys.isEmpty { return isAtKey ? .condition(type: type) : .option }
        if keys == ["any"] { return .option }
        if isAtKey { return keys.count == 1 ? .operator : .option }
        return .propertyValue(type: type, name: keys[0])
    }
}
