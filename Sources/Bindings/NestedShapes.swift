import LuaRuntime

/// The tables within arguments. The functions check them by themselves, or leave that to HubSpot: what is declared here is
/// told by help and annotations, and offered by Tab.
enum NestedShapes {
    // MARK: Forms

    static let context = LuaType.described(
        .table,
        by: .shape(
            LuaShape(
                "hubspot.FormContext", "Where a form was filled in, and by whom.",
                fields: [
                    text("hutk", "The visitor's tracking cookie. An unknown one is left out."),
                    text("pageUri", "The page's address."), text("pageName", "The page's title."),
                    .optional("pageId", .id, "The id of a page of HubSpot's."),
                    text("ipAddress", "The visitor's."),
                    text("sfdcCampaignId", "The Salesforce campaign that the contact joins."),
                    text("goToWebinarWebinarKey", "The webinar that the contact is registered for."),
                ])))

    private static let communication = LuaShape(
        "hubspot.Communication", "A kind of messages, and whether they are wanted.",
        fields: [
            .optional("value", .boolean, "Whether the visitor agrees."),
            .optional("subscriptionTypeId", .id, "The subscription type."), text("text", "What the visitor has read."),
        ])
    private static let consentFields: [LuaParameter] = [
        .optional("communications", .list(.shape(communication)), "What the visitor agrees to get."),
        text("text", "What the visitor has read."),
    ]
    static let legalConsent = LuaType.described(
        .table,
        by: .shape(
            LuaShape(
                "hubspot.LegalConsent", "Consent under data protection law: one of the two.",
                fields: [
                    .optional(
                        "consent",
                        .shape(
                            LuaShape(
                                "hubspot.Consent", "Consent that was given.",
                                fields: [
                                    .optional("consentToProcess", .boolean, "Whether data may be kept and processed.")
                                ] + consentFields)), "Consent that was given."),
                    .optional(
                        "legitimateInterest",
                        .shape(
                            LuaShape(
                                "hubspot.LegitimateInterest", "A legitimate interest in place of consent.",
                                fields: [
                                    .optional("value", .boolean, "True."),
                                    .optional("subscriptionTypeId", .id, "The subscription type."),
                                    .optional("legalBasis", .choice(["CUSTOMER", "LEAD"]), "Whose data it is."),
                                    text("text", "What the visitor has read."),
                                ])), "A legitimate interest in place of consent."),
                ])))

    // MARK: Searches

    private static let filter = LuaShape(
        "hubspot.Filter", "A condition as HubSpot writes it.",
        fields: [
            text("propertyName", "The property."),
            .optional("operator", .choice(operators), "How it is compared."),
            .optional("value", .any, "What it is compared with."), .optional("highValue", .any, "Of BETWEEN: the end."),
            .optional("values", .list(.any), "Of IN and NOT_IN."),
        ])
    private static let operators = [
        "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY",
        "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN",
    ]
    static let filters = LuaType.described(.list(.table), by: .list(.shape(filter)))
    static let filterGroups = LuaType.described(
        .list(.table),
        by: .list(
            .shape(
                LuaShape(
                    "hubspot.FilterGroup", "Conditions that must hold together.",
                    fields: [.optional("filters", .list(.shape(filter)), "The conditions.")]))))
    private static let sort = LuaShape(
        "hubspot.Sort", "An order as HubSpot writes it.",
        fields: [
            text("propertyName", "The property."),
            .optional("direction", .choice(["ASCENDING", "DESCENDING"]), "ASCENDING if left out."),
        ])
    static let sorts = LuaType.described(
        .either([.list(.either([.string, .table])), .string]),
        by: .either([.list(.either([.string, .shape(sort)])), .string]))

    // MARK: Links

    static let links = LuaType.described(
        .list(.table),
        by: .list(
            .shape(
                LuaShape(
                    "hubspot.LinkedPair", "Two records, and the kind of their link.",
                    fields: [
                        .required("from", .id, "The record."), .required("to", .id, "The other record."),
                        .optional("label", .either([.string, .integer]), "The kind: its label, or its `typeId`."),
                    ]))))
    static let label = definition(
        "hubspot.LabelDefinition", "A kind of link.",
        [
            text("label", "What people see."), text("name", "The name in the API."),
            text("inverseLabel", "What people see from the other side."),
        ])

    // MARK: Definitions

    private static let option = LuaShape(
        "hubspot.OptionDefinition", "One of a property's choices.",
        fields: [
            text("label", "What people see."), text("value", "What records hold."),
            .optional("displayOrder", .integer, "Its place; -1 for the end."),
            .optional("hidden", .boolean, "Whether it is kept from forms."), text("description", "What it means."),
        ])
    static let property = definition(
        "hubspot.PropertyDefinition", "A property.",
        [
            text("name", "The name in the API."), text("label", "What people see."),
            .optional(
                "type", .choice(["string", "number", "date", "datetime", "enumeration", "bool"]), "What it holds."),
            .optional(
                "fieldType",
                .choice([
                    "text", "textarea", "number", "date", "select", "radio", "checkbox", "booleancheckbox", "file",
                    "html", "phonenumber", "calculation_equation",
                ]), "How it is edited."), text("groupName", "The group that it belongs to."),
            text("description", "What it means."), .optional("options", .list(.shape(option)), "The choices."),
            .optional("displayOrder", .integer, "Its place; -1 for the end."),
            .optional("hasUniqueValue", .boolean, "Whether no two records may hold the same."),
            .optional("hidden", .boolean, "Whether it is kept from the interface."),
            .optional("formField", .boolean, "Whether forms may ask for it."),
        ])
    static let propertyGroup = definition(
        "hubspot.PropertyGroup", "A group of properties.",
        [
            text("name", "The name in the API."), text("label", "What people see."),
            .optional("displayOrder", .integer, "Its place; -1 for the end."),
        ])
    private static let stageFields: [LuaParameter] = [
        text("label", "What people see."), .optional("displayOrder", .integer, "Its place."),
        .optional(
            "metadata",
            .shape(
                LuaShape(
                    "hubspot.StageMetadata", "What a stage means.", isOpen: true,
                    fields: [
                        text("probability", "Of a deal: from \"0.0\" to \"1.0\", won."),
                        .optional("ticketState", .choice(["OPEN", "CLOSED"]), "Of a ticket."),
                    ])), "What it means."),
    ]
    private static let stageShape = LuaShape(
        "hubspot.StageDefinition", "A stage.", isOpen: true, fields: stageFields)
    static let stage = LuaType.described(.map(.any), by: .shape(stageShape))
    static let pipeline = definition(
        "hubspot.PipelineDefinition", "A pipeline.",
        [
            text("label", "What people see."), .optional("displayOrder", .integer, "Its place."),
            .optional("stages", .list(.shape(stageShape)), "Its stages, all of them."),
        ])
    static let list = definition(
        "hubspot.ListDefinition", "A list.",
        [
            text("name", "What people see."), text("objectTypeId", "What it lists: `0-1` for contacts."),
            .optional("processingType", .choice(["MANUAL", "DYNAMIC", "SNAPSHOT"]), "Who fills it."),
            .optional("filterBranch", .table, "Which records, as HubSpot's; not of a MANUAL list."),
            text("listFolderId", "The folder that it is in."),
        ])
    static let schema = definition(
        "hubspot.SchemaDefinition", "A custom object type.",
        [
            text("name", "The name in the API."),
            .optional(
                "labels",
                .shape(
                    LuaShape(
                        "hubspot.SchemaLabels", "What people see.",
                        fields: [text("singular", "Of one."), text("plural", "Of several.")])), "What people see."),
            text("primaryDisplayProperty", "The property that names a record."),
            .optional("secondaryDisplayProperties", .list(.string), "Those that stand below it."),
            .optional("requiredProperties", .list(.string), "Those that a new record must have."),
            .optional("searchableProperties", .list(.string), "Those that words are looked for in."),
            .optional("properties", .list(property), "Its properties."),
            .optional("associatedObjects", .list(.string), "The types whose records may be linked to its."),
            text("description", "What it means."),
        ])

    // MARK: Files

    static let uploadOptions = LuaType.described(
        .table,
        by: .shape(
            LuaShape(
                "hubspot.FileOptions", "HubSpot's further options.", isOpen: true,
                fields: [
                    .optional("overwrite", .boolean, "Whether it takes the place of a file of that name."),
                    .optional(
                        "duplicateValidationStrategy", .choice(["NONE", "REJECT", "RETURN_EXISTING"]),
                        "What becomes of a file that is there already."),
                ])))

    private static func text(_ name: String, _ summary: String) -> LuaParameter { .optional(name, .string, summary) }

    /// A table that HubSpot checks.
    private static func definition(_ name: String, _ summary: String, _ fields: [LuaParameter]) -> LuaType {
        .described(.map(.any), by: .shape(LuaShape(name, summary, isOpen: true, fields: fields)))
    }
}
