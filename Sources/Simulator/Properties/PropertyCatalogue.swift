/// The property definitions that every portal starts with: HubSpot's usual ones, and in "custom" ones of this
/// portal's own, one for each type that scripts have to cope with.
enum PropertyCatalogue {
    static func definitions(of type: PortalObjectType) -> [PropertyDefinition] {
        var list: [PropertyDefinition]
        switch type.id {
        case "0-1": list = contacts
        case "0-2": list = companies
        case "0-3": list = deals
        case "0-5": list = tickets
        case "0-7": list = products
        case "0-8": list = lineItems
        case "0-27", "0-46", "0-47", "0-48", "0-49": list = engagements(type)
        case let id where id.hasPrefix("2-"): list = []
        default: list = plain(type)
        }
        list += common(type)
        return list
    }

    /// Groups by name, with their labels.
    static func groups(of type: PortalObjectType) -> [(name: String, label: String)] {
        switch type.id {
        case "0-1":
            [
                ("contactinformation", "Contact information"), ("conversioninformation", "Conversion information"),
                ("emailinformation", "Email information"), ("custom", "Custom"),
            ]
        default: [("\(type.singular)information", "\(type.singular.capitalizedFirst) information")]
        }
    }

    static let lifecycleStages = [
        ("subscriber", "Subscriber"), ("lead", "Lead"), ("marketingqualifiedlead", "Marketing Qualified Lead"),
        ("salesqualifiedlead", "Sales Qualified Lead"), ("opportunity", "Opportunity"), ("customer", "Customer"),
        ("evangelist", "Evangelist"), ("other", "Other"),
    ]

    private static let contacts: [PropertyDefinition] = {
        let group = "contactinformation"
        var list: [PropertyDefinition] = [
            .text("firstname", "First Name", group), .text("lastname", "Last Name", group),
            .text("email", "Email", group).unique(), .text("salutation", "Salutation", group),
            .text("jobtitle", "Job Title", group), .text("company", "Company Name", group),
            .text("website", "Website URL", group), .text("address", "Street Address", group),
            .text("city", "City", group), .text("state", "State/Region", group), .text("zip", "Postal Code", group),
            .text("country", "Country/Region", group), .text("industry", "Industry", group),
            .text("fax", "Fax Number", group), .text("message", "Message", group, field: "textarea"),
            .text("twitterhandle", "Twitter Username", group), .text("date_of_birth", "Date of birth", group),
            .text("work_email", "Work email", group), .text("hs_language", "Preferred language", group),
            .phone("phone", "Phone Number", group), .phone("mobilephone", "Mobile Phone Number", group),
            .number("annualrevenue", "Annual Revenue", group), .number("numemployees", "Number of Employees", group),
            .choice("lifecyclestage", "Lifecycle Stage", group, "radio", lifecycleStages),
            .choice(
                "hs_lead_status", "Lead Status", group, "radio",
                [
                    ("NEW", "New"), ("OPEN", "Open"), ("IN_PROGRESS", "In Progress"), ("OPEN_DEAL", "Open Deal"),
                    ("UNQUALIFIED", "Unqualified"), ("ATTEMPTED_TO_CONTACT", "Attempted to Contact"),
                    ("CONNECTED", "Connected"), ("BAD_TIMING", "Bad Timing"),
                ]),
            .moment("closedate", "Close Date", group),
            .moment("notes_last_updated", "Last Activity Date", group).readOnly(),
            .number("num_notes", "Number of Sales Activities", group).readOnly(),
            .number("associatedcompanyid", "Primary Associated Company ID", group),
            .text("hs_additional_emails", "Additional email addresses", group),
            .text("hs_email_domain", "Email Domain", "emailinformation").readOnly(),
            .flag("hs_email_optout", "Unsubscribed from all email", "emailinformation"),
            .text("hs_all_contact_vids", "All vids for a contact", group).readOnly(),
            .flag("hs_is_contact", "Is a contact", group).readOnly(),
            .flag("hs_is_unworked", "Contact unworked", group).readOnly(),
            .flag("hs_marketable_status", "Marketing contact status", group).readOnly(),
            .flag("hs_marketable_until_renewal", "Marketing contact until next update", group).readOnly(),
            .text("hs_searchable_calculated_phone_number", "Calculated Phone Number", group).readOnly(),
            .choice(
                "hs_pipeline", "Pipeline", group, "select",
                [("contacts-lifecycle-pipeline", "Contacts Lifecycle Stage Pipeline")]),
        ]
        for stage in lifecycleStages {
            list.append(.moment("hs_lifecyclestage_\(stage.0)_date", "Became a \(stage.1) Date", group).readOnly())
        }
        let conversions = "conversioninformation"
        list += [
            .number("num_conversion_events", "Number of Form Submissions", conversions).readOnly(),
            .number("num_unique_conversion_events", "Number of Unique Forms Submitted", conversions).readOnly(),
            .moment("recent_conversion_date", "Recent Conversion Date", conversions).readOnly(),
            .text("recent_conversion_event_name", "Recent Conversion", conversions).readOnly(),
            .moment("first_conversion_date", "First Conversion Date", conversions).readOnly(),
            .text("first_conversion_event_name", "First Conversion", conversions).readOnly(),
        ]
        let custom: [PropertyDefinition] = [
            .choice(
                "interests", "Interests", "custom", "checkbox",
                [("soup", "Soup"), ("bread", "Bread"), ("cheese", "Cheese"), ("tea", "Tea"), ("cake", "Cake")]),
            .day("birthday", "Birthday", "custom"), .moment("last_seen", "Last seen", "custom"),
            .flag("newsletter", "Newsletter", "custom"), .number("score", "Score", "custom"),
            .text("external_id", "External id", "custom").unique(),
            .text("attachment", "Attachment", "custom", field: "file"),
            .choice(
                "favourite_food", "Favourite food", "custom", "select",
                [("soup", "Soup"), ("bread", "Bread"), ("cake", "Cake")]),
        ]
        return list + custom.map { $0.custom() }
    }()

    private static let companies: [PropertyDefinition] = {
        let group = "companyinformation"
        return [
            .text("name", "Company name", group), .text("domain", "Company Domain Name", group),
            .text("website", "Website URL", group), .text("address", "Street Address", group),
            .text("city", "City", group), .text("state", "State/Region", group), .text("zip", "Postal Code", group),
            .text("country", "Country/Region", group), .text("description", "Description", group, field: "textarea"),
            .phone("phone", "Phone Number", group), .number("annualrevenue", "Annual Revenue", group),
            .number("numberofemployees", "Number of Employees", group),
            .choice("lifecyclestage", "Lifecycle Stage", group, "radio", lifecycleStages),
            .choice(
                "industry", "Industry", group, "select",
                [
                    ("ACCOUNTING", "Accounting"), ("COMPUTER_SOFTWARE", "Computer Software"),
                    ("FOOD_PRODUCTION", "Food Production"), ("MANUFACTURING", "Manufacturing"),
                ]),
        ]
    }()

    private static let deals: [PropertyDefinition] = {
        let group = "dealinformation"
        return [
            .text("dealname", "Deal Name", group), .number("amount", "Amount", group),
            .text("dealstage", "Deal Stage", group), .text("pipeline", "Pipeline", group),
            .moment("closedate", "Close Date", group),
            .text("description", "Deal Description", group, field: "textarea"),
            .choice(
                "dealtype", "Deal Type", group, "radio",
                [("newbusiness", "New Business"), ("existingbusiness", "Existing Business")]),
        ]
    }()

    private static let tickets: [PropertyDefinition] = {
        let group = "ticketinformation"
        return [
            .text("subject", "Ticket name", group), .text("content", "Ticket description", group, field: "textarea"),
            .text("hs_pipeline", "Pipeline", group), .text("hs_pipeline_stage", "Ticket status", group),
            .choice(
                "hs_ticket_category", "Category", group, "checkbox",
                [
                    ("PRODUCT_ISSUE", "Product Issue"), ("BILLING_ISSUE", "Billing Issue"),
                    ("GENERAL_INQUIRY", "General Inquiry"),
                ]),
            .choice(
                "hs_ticket_priority", "Priority", group, "select",
                [("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High"), ("URGENT", "Urgent")]),
        ]
    }()

    private static let products: [PropertyDefinition] = [
        .text("name", "Name", "productinformation"), .number("price", "Unit price", "productinformation"),
        .text("hs_sku", "SKU", "productinformation"),
        .text("description", "Product description", "productinformation", field: "textarea"),
    ]

    private static let lineItems: [PropertyDefinition] = [
        .text("name", "Name", "line_iteminformation"), .number("price", "Unit price", "line_iteminformation"),
        .number("quantity", "Quantity", "line_iteminformation"), .number("amount", "Net price", "line_iteminformation"),
        .text("hs_product_id", "Product ID", "line_iteminformation"), .text("hs_sku", "SKU", "line_iteminformation"),
    ]

    private static func engagements(_ type: PortalObjectType) -> [PropertyDefinition] {
        let group = "\(type.singular)information"
        let prefix = [
            "0-27": "hs_task", "0-46": "hs_note", "0-47": "hs_meeting", "0-48": "hs_call", "0-49": "hs_email",
        ]
        let stem = prefix[type.id] ?? "hs"
        return [
            .moment("hs_timestamp", "Activity date", group), .text("\(stem)_body", "Body", group, field: "html"),
            .text("\(stem)_title", "Title", group), .text("\(stem)_subject", "Subject", group),
            .text("\(stem)_status", "Status", group), .text("hs_email_direction", "Direction", group),
        ]
    }

    private static func plain(_ type: PortalObjectType) -> [PropertyDefinition] {
        let group = "\(type.singular)information"
        return [
            .text("hs_title", "Title", group), .text("hs_name", "Name", group),
            .text("hs_lead_name", "Lead name", group),
            .number("hs_value", "Value", group), .text("hs_pipeline", "Pipeline", group),
            .text("hs_pipeline_stage", "Pipeline stage", group),
        ]
    }

    /// The properties of every object type.
    private static func common(_ type: PortalObjectType) -> [PropertyDefinition] {
        let group = type.id == "0-1" ? "contactinformation" : "\(type.singular)information"
        return [
            .moment(type.createdProperty, "Create Date", group).readOnly(),
            .moment(type.modifiedProperty, "Last Modified Date", group).readOnly(),
            .number("hs_object_id", "Record ID", group).readOnly(),
            .text("hs_merged_object_ids", "Merged record IDs", group).readOnly(),
            .text("hs_object_source", "Record source", group).readOnly(),
            .text("hs_object_source_id", "Record source ID", group).readOnly(),
            .text("hs_object_source_label", "Record source label", group).readOnly(),
            .text("hubspot_owner_id", "Owner", group), .text("hubspot_team_id", "Team", group).readOnly(),
            .moment("hubspot_owner_assigneddate", "Owner Assigned Date", group).readOnly(),
        ]
    }
}

extension PropertyDefinition {
    /// A property that forms may use.
    private static func inForms(
        _ name: String, _ label: String, _ group: String, _ kind: Kind, _ field: String,
        _ options: [(value: String, label: String)] = []
    ) -> PropertyDefinition {
        var property = PropertyDefinition(name, label, kind, field, group)
        property.formField = true
        property.options = options.enumerated().map {
            Option(label: $0.element.label, value: $0.element.value, displayOrder: Int64($0.offset))
        }
        return property
    }

    fileprivate static func text(
        _ name: String, _ label: String, _ group: String, field: String = "text"
    ) -> PropertyDefinition { inForms(name, label, group, .string, field) }

    fileprivate static func number(_ name: String, _ label: String, _ group: String) -> PropertyDefinition {
        inForms(name, label, group, .number, "number")
    }

    fileprivate static func flag(_ name: String, _ label: String, _ group: String) -> PropertyDefinition {
        inForms(name, label, group, .bool, "booleancheckbox", [("true", "True"), ("false", "False")])
    }

    fileprivate static func phone(_ name: String, _ label: String, _ group: String) -> PropertyDefinition {
        inForms(name, label, group, .string, "phonenumber")
    }

    fileprivate static func day(_ name: String, _ label: String, _ group: String) -> PropertyDefinition {
        inForms(name, label, group, .date, "date")
    }

    fileprivate static func moment(_ name: String, _ label: String, _ group: String) -> PropertyDefinition {
        PropertyDefinition(name, label, .datetime, "date", group)
    }

    fileprivate static func choice(
        _ name: String, _ label: String, _ group: String, _ field: String, _ options: [(String, String)]
    ) -> PropertyDefinition { inForms(name, label, group, .enumeration, field, options.map { ($0.0, $0.1) }) }

    fileprivate func unique() -> PropertyDefinition {
        var property = self
        property.hasUniqueValue = true
        return property
    }

    fileprivate func readOnly() -> PropertyDefinition {
        var property = self
        property.readOnlyValue = true
        property.formField = false
        return property
    }

    fileprivate func custom() -> PropertyDefinition {
        var property = self
        property.hubspotDefined = false
        return property
    }
}

extension String {
    /// With the first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
