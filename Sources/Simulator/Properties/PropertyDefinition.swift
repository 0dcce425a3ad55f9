import JSON
import Wire

/// A property as HubSpot's property API describes it.
struct PropertyDefinition: Sendable, Equatable {
    struct Option: Sendable, Equatable {
        var label: String
        var value: String
        var displayOrder: Int64
        var hidden = false
        var description = ""
    }

    /// HubSpot's six types; the raw value is the name on the wire.
    enum Kind: String, Sendable {
        case string, number, bool, enumeration, date, datetime
        case phoneNumber = "phone_number"
    }

    var name: String
    var label: String
    var kind: Kind
    var fieldType: String
    var groupName: String
    var description = ""
    var options: [Option] = []
    var displayOrder: Int64 = -1
    var hasUniqueValue = false
    var hidden = false
    var formField = false
    var calculated = false
    /// The options are kept elsewhere: stages, for one.
    var externalOptions = false
    /// Milliseconds since 1970; nil for one in use.
    var archivedAt: Int64?
    var hubspotDefined = true
    var archived = false
    /// Values can only be set by HubSpot itself.
    var readOnlyValue = false
    /// Milliseconds since 1970.
    var createdAt: Int64 = 0
    var updatedAt: Int64 = 0

    /// A set of options joined with `;`.
    var isMultiple: Bool { kind == .enumeration && fieldType == "checkbox" }

    func option(_ value: String) -> Option? {
        options.first { $0.value == value }
    }

    /// The field types that a type allows (HubSpot's properties guide).
    static let fieldTypes: [Kind: [String]] = [
        .string: ["text", "textarea", "html", "file", "phonenumber", "calculation_equation"],
        .number: ["number", "calculation_equation"],
        .bool: ["booleancheckbox", "calculation_equation"],
        .enumeration: ["select", "radio", "checkbox", "booleancheckbox", "calculation_equation"],
        .date: ["date"],
        .datetime: ["date"],
        .phoneNumber: ["phonenumber"],
    ]

    /// The definition on the wire.
    var json: JSONValue {
        var json: JSONValue = [
            "updatedAt": .string(Timestamp.iso(updatedAt)), "createdAt": .string(Timestamp.iso(createdAt)),
            "name": .string(name), "label": .string(label), "type": .string(kind.rawValue),
            "fieldType": .string(fieldType), "description": .string(description), "groupName": .string(groupName),
            "options": .array(
                options.map {
                    [
                        "label": .string($0.label), "value": .string($0.value), "description": .string($0.description),
                        "displayOrder": .integer($0.displayOrder), "hidden": .bool($0.hidden),
                    ]
                }),
            "displayOrder": .integer(displayOrder), "calculated": .bool(calculated),
            "externalOptions": .bool(externalOptions),
            "archived": .bool(archived), "hasUniqueValue": .bool(hasUniqueValue), "hidden": .bool(hidden),
            "hubspotDefined": .bool(hubspotDefined),
            "modificationMetadata": [
                "archivable": .bool(!hubspotDefined), "readOnlyDefinition": .bool(hubspotDefined),
                "readOnlyValue": .bool(readOnlyValue),
            ],
            "formField": .bool(formField), "dataSensitivity": "non_sensitive",
        ]
        if !hubspotDefined {
            json = json.setting("createdUserId", to: "111").setting("updatedUserId", to: "111")
        }
        if let archivedAt { json = json.setting("archivedAt", to: .string(Timestamp.iso(archivedAt))) }
        return json
    }

    /// The definition out of its own ``json``.
    init?(stored json: JSONValue) {
        guard let name = json["name"]?.string, let label = json["label"]?.string,
            let kind = json["type"]?.string.flatMap(Kind.init), let fieldType = json["fieldType"]?.string,
            let groupName = json["groupName"]?.string
        else { return nil }
        self.init(name, label, kind, fieldType, groupName)
        description = json["description"]?.string ?? ""
        options = Self.options(json["options"])
        displayOrder = json["displayOrder"]?.integer ?? -1
        hasUniqueValue = json["hasUniqueValue"]?.bool ?? false
        hidden = json["hidden"]?.bool ?? false
        formField = json["formField"]?.bool ?? false
        calculated = json["calculated"]?.bool ?? false
        externalOptions = json["externalOptions"]?.bool ?? false
        archivedAt = json["archivedAt"]?.string.flatMap { Timestamp.parse($0) }
        hubspotDefined = json["hubspotDefined"]?.bool ?? false
        archived = json["archived"]?.bool ?? false
        readOnlyValue = json["modificationMetadata"]?["readOnlyValue"]?.bool ?? false
        createdAt = json["createdAt"]?.string.flatMap { Timestamp.parse($0) } ?? 0
        updatedAt = json["updatedAt"]?.string.flatMap { Timestamp.parse($0) } ?? 0
    }

    /// Options as the wire has them; an option with neither label nor value is left out.
    static func options(_ json: JSONValue?) -> [Option] {
        (json?.array ?? []).enumerated().compactMap { index, option in
            guard let value = option["value"]?.string else { return nil }
            return Option(
                label: option["label"]?.string ?? value, value: value,
                displayOrder: option["displayOrder"]?.integer ?? Int64(index),
                hidden: option["hidden"]?.bool ?? false, description: option["description"]?.string ?? "")
        }
    }

    init(_ name: String, _ label: String, _ kind: Kind, _ fieldType: String, _ groupName: String) {
        self.name = name
        self.label = label
        self.kind = kind
        self.fieldType = fieldType
        self.groupName = groupName
    }
}
