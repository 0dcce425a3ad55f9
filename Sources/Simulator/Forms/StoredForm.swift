import GRDB
import JSON

/// A form as the submission endpoints need it; made from its definition as the forms API has it.
struct StoredForm: Sendable {
    struct Field: Sendable {
        var objectTypeID: String
        var name: String
        var required: Bool
        var fieldType: String
        /// The values that may be chosen; empty where anything goes.
        var options: Set<String>
        var blockedDomains: [String]
        /// Of a number, or the count of digits of a phone number.
        var minimum: Double?
        var maximum: Double?
        /// Of a field that depends on another: it is there where all of these hold.
        var conditions: [FormCondition] = []
    }

    var guid: String
    var name: String
    var fields: [Field]
    var hasCaptcha: Bool
    /// Subscription types that a visitor must agree to.
    var requiredSubscriptions: [Int64]
    /// `none`, `legitimate_interest`, `explicit_consent_to_process` or `implicit_consent_to_process`.
    var consentType: String
    var postSubmitType: String
    var postSubmitValue: String

    init(guid: String, _ json: JSONValue) {
        self.guid = guid
        name = json["name"]?.string ?? ""
        hasCaptcha = json["configuration"]?["recaptchaEnabled"]?.bool ?? false
        requiredSubscriptions = (json["legalConsentOptions"]?["communicationsCheckboxes"]?.array ?? [])
            .filter { $0["required"]?.bool ?? false }.compactMap { $0["subscriptionTypeId"]?.integer }
        consentType = json["legalConsentOptions"]?["type"]?.string ?? "none"
        postSubmitType = json["configuration"]?["postSubmitAction"]?["type"]?.string ?? "thank_you"
        postSubmitValue = json["configuration"]?["postSubmitAction"]?["value"]?.string ?? ""
        fields = (json["fieldGroups"]?.array ?? []).flatMap { group in
            (group["fields"]?.array ?? []).flatMap(Self.fields)
        }
    }

    /// A field and those that depend on it.
    private static func fields(_ json: JSONValue) -> [Field] {
        let limits = json["validation"]
        let isPhone = ["phone", "mobile_phone"].contains(json["fieldType"]?.string)
        var field = Field(
            objectTypeID: json["objectTypeId"]?.string ?? "0-1", name: json["name"]?.string ?? "",
            required: json["required"]?.bool ?? false, fieldType: json["fieldType"]?.string ?? "single_line_text",
            options: Set((json["options"]?.array ?? []).compactMap { $0["value"]?.string }),
            blockedDomains: (limits?["blockedEmailDomains"]?.array ?? []).compactMap { $0.string?.lowercased() },
            minimum: (limits?["minAllowedDigits"] ?? limits?["min"])?.double,
            maximum: (limits?["maxAllowedDigits"] ?? limits?["max"])?.double)
        if limits?["useDefaultBlockList"]?.bool == true { field.blockedDomains += Self.freeProviders }
        if isPhone {
            field.minimum = field.minimum ?? 7
            field.maximum = field.maximum ?? 20
        }
        let dependent = (json["dependentFields"]?.array ?? []).flatMap { link -> [Field] in
            guard let inner = link["dependentField"] else { return [] }
            let condition = FormCondition(link["dependentCondition"], of: field)
            return Self.fields(inner).map { field in
                var field = field
                field.conditions.append(condition)
                return field
            }
        }
        return [field] + dependent
    }

    /// Domains that `useDefaultBlockList` blocks, in part.
    private static let freeProviders = ["gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "gmx.de", "icloud.com"]

    func field(_ name: String, _ objectTypeID: String) -> Field? {
        fields.first { $0.name == name && $0.objectTypeID == objectTypeID }
    }

    /// The form with this id that is not archived.
    static func find(_ guid: String, _ db: Database) throws -> StoredForm? {
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT definition FROM forms WHERE guid = ? AND archived = 0"),
            arguments: [guid.lowercased()])
        guard let text, let json = try? JSONValue.parse(text.utf8) else { return nil }
        return StoredForm(guid: guid.lowercased(), json)
    }
}
