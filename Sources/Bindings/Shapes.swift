import LuaRuntime

/// The tables that the object modules take and answer.
enum Shapes {
    static let properties = LuaParameter.optional(
        "properties", .list(.string), "Names of the properties to fetch; HubSpot's default ones if left out.")
    static let idProperty = LuaParameter.optional(
        "idProperty", .string, "The property, with unique values, whose value names the record instead of its id.")
    static let archived = LuaParameter.optional("archived", .boolean, "Archived records instead of the others.")
    static let typed = LuaParameter.optional(
        "typed", .boolean,
        "Values by their property's type: numbers, booleans, dates as seconds since 1970 in UTC (see os.time and "
            + "os.date), several choices as a list. The portal's definitions are read once.")
    static let refresh = LuaParameter.optional(
        "refresh", .boolean, "Asks HubSpot even where the answer is known: it is kept for five minutes.")
    static let after = LuaParameter.optional(
        "after", .id, "Where the page begins: `paging.next.after` of the one before.")
    private static let associations = LuaParameter.optional(
        "associations", .list(.string),
        "Object types whose linked records are listed, all of them: in a search or a batch by a request more for each type."
    )
    private static let reading = [
        properties,
        LuaParameter.optional(
            "propertiesWithHistory", .list(.string), "Names of the properties to fetch with their former values."),
        associations, archived, typed,
    ]

    static let getOptions = LuaShape(
        "hubspot.GetOpts", "What to fetch of a record.", fields: reading + [idProperty])
    static let listOptions = LuaShape(
        "hubspot.ListOpts", "Which page, and what to fetch of each record.",
        fields: reading + [
            .optional("limit", .integer, "Records in a page: 10 if left out, 100 at most, 50 with history."),
            after,
        ])
    static let eachOptions = LuaShape(
        "hubspot.EachOpts", "What to fetch of each record, and of how many.",
        fields: reading + [
            .optional("limit", .integer, "Records in a request: 100 if left out, 50 with history."),
            .optional("after", .id, "Where to begin: `paging.next.after` of a page."),
            .optional("max", .integer, "The most records that the iterator yields."),
        ])
    static let createOptions = LuaShape(
        "hubspot.CreateOpts", "What the record is linked to.",
        fields: [
            .optional(
                "associations", .either([.list(.table), .map(.either([.id, .list(.id)]))]),
                "Ids by type: `{ companies = 900, deals = { 7, 8 } }`; or as HubSpot's, for other kinds of link: "
                    + "`{ { to = { id = 900 }, types = { { associationCategory = \"HUBSPOT_DEFINED\", "
                    + "associationTypeId = 279 } } } }`."), typed, confirm,
        ])
    static let confirm = LuaParameter.optional(
        "confirm", .boolean,
        "True: it is not asked about at the prompt, nor refused by `confirm = \"all\"` of a profile.")
    static let confirmOptions = LuaParameter.optional(
        "opts", .shape(LuaShape("hubspot.ConfirmOpts", "Whether it is asked about.", fields: [confirm])),
        "Whether it is asked about.")
    static let idOptions = LuaShape("hubspot.IdOpts", "How the record is named.", fields: [idProperty, confirm])
    static let updateOptions = LuaShape(
        "hubspot.UpdateOpts", "How the record is named.", fields: [idProperty, typed, confirm])
    static let upsertOptions = LuaShape(
        "hubspot.UpsertOpts", "How the record is named.",
        fields: [
            .optional(
                "idProperty", .string, "The property, with unique values, that names the record: `email` for contacts."),
            .optional(
                "whole", .boolean,
                "The properties given are all that matters: HubSpot's own upsert is used, which for contacts named by "
                    + "email may clear the others; it takes fewer requests."), typed, confirm,
        ])
    static let batchReadOptions = LuaShape(
        "hubspot.BatchReadOpts", "What to fetch of each record.",
        fields: [properties, reading[1], associations, archived, typed, idProperty])
    static let batchCreateOptions = LuaShape(
        "hubspot.BatchCreateOpts", "How they are answered.", fields: [typed, confirm])
    static let batchUpsertOptions = LuaShape(
        "hubspot.BatchUpsertOpts", "How the records are named.",
        fields: upsertOptions.fields)

    private static let queryFields: [LuaParameter] = [
        .optional("query", .string, "Words, looked for in the type's usual text properties."),
        .optional(
            "where", .table,
            "Conditions, ANDed: `{ lifecyclestage = \"lead\", createdate = { gte = \"2026-01-01\" } }`. A value means EQ, "
                + "a list IN; operators are eq, neq, lt, lte, gt, gte, between = { a, b }, one_of, none_of, contains, "
                + "not_contains, has = true|false. `any = { where, where }` ORs. Times and dates are written as in a record: a "
                + "number is seconds as `os.time` gives them."),
        .optional("any", .list(.table), "Conditions as in `where`, one of which must hold."),
        .optional(
            "filterGroups", NestedShapes.filterGroups,
            "HubSpot's own shape: groups of filters, ORed. A number is a time in seconds here too."),
        .optional("filters", NestedShapes.filters, "HubSpot's own shape: filters, ANDed."),
        .optional(
            "sorts", NestedShapes.sorts,
            "The order: `{ \"-createdate\" }` or `{ { propertyName = \"createdate\", direction = \"DESCENDING\" } }`. "
                + "HubSpot uses the first."),
        properties, associations, typed,
        .optional("limit", .integer, "Hits in a page: 10 if left out, 200 at most."), after,
    ]
    static let query = LuaShape(
        "hubspot.Query", "A search: at most 5 alternatives and 18 filters.", fields: queryFields)
    static let countQuery = LuaShape(
        "hubspot.CountQuery", "A search whose hits are counted.",
        fields: queryFields + [.optional("by", .string, "The property by whose values they are counted.")])
    static let queryEach = LuaShape(
        "hubspot.QueryEach", "A search over all hits.",
        fields: queryFields + [.optional("max", .integer, "The most hits that the iterator yields.")])
    static let maxOptions = LuaShape(
        "hubspot.MaxOpts", "How many.", fields: [.optional("max", .integer, "The most that the iterator yields.")])

    static let record = LuaShape(
        "hubspot.Record", "A record. `record.email` reads `record.properties.email`.", isOpen: true,
        fields: [
            .required("id", .string, "Decimal digits."),
            .required(
                "properties", .map(.either([.string, .number, .boolean, .list(.string)])),
                "Values by name: strings, others with `typed` alone; a property without a value is nil."),
            .optional("propertiesWithHistory", .map(.list(.table)), "Former values by name, newest first."),
            .optional(
                "associations", .map(.table),
                "Linked records by type, each once: `{ companies = { results = { { id, type, types } } } }`, where `types` "
                    + "names the kinds of all links to it, and `type` the first of them; nil for a type without links."),
            .required("createdAt", .string, "ISO 8601, UTC."), .required("updatedAt", .string, "ISO 8601, UTC."),
            .required("archived", .boolean, ""),
            .optional("new", .boolean, "After an upsert: whether it created the record."),
            .optional("dry_run", .boolean, "True where the call was not sent (`--dry-run`)."),
        ])
    static let page = LuaShape(
        "hubspot.Page",
        "Some of many. `#page`, `page[i]` and `ipairs(page)` are its results; `page:next()` fetches the following page, nil "
            + "after the last.",
        fields: [
            .required("results", .list(.named("hubspot.Record")), ""),
            .optional("total", .integer, "After a search: how many hits there are in all."),
            .optional("paging", .table, "`paging.next.after` is where the next page begins; nil on the last."),
            .required("next", .named("fun(self: hubspot.Page): hubspot.Page?"), "Fetches the following page."),
        ])
    static let batchResult = LuaShape(
        "hubspot.BatchResult", "What became of a list.",
        fields: [
            .required("results", .list(.named("hubspot.Record")), "In the list's order, doubles once."),
            .required("errors", .list(.named("hubspot.Error")), "Each with `index`, its place in the list."),
        ])
    static let error = LuaShape(
        "hubspot.Error", "What is raised. It prints as one line.",
        fields: [
            .required(
                "kind",
                .choice([
                    "invalid_argument", "validation", "unauthenticated", "forbidden", "not_found", "conflict",
                    "rate_limited", "daily_limit", "unavailable", "timeout", "network", "bad_response", "cancelled",
                    "read_only", "not_allowed", "not_confirmed",
                ]), "What went wrong."),
            .required("message", .string, ""), .optional("status", .integer, "Of HubSpot's answer."),
            .optional("category", .string, "HubSpot's: `VALIDATION_ERROR`."),
            .optional("correlationId", .string, "HubSpot's, for its support."),
            .optional("policyName", .string, "Which limit a 429 speaks of."),
            .optional("retry_after", .number, "Seconds."), .optional("errors", .list(.table), "HubSpot's, one by one."),
            .optional("context", .table, "HubSpot's."),
            .optional("request", .string, "`POST /crm/objects/2026-09/contacts`."),
            .optional("existing_id", .string, "After a conflict: the record that is in the way."),
            .optional("fate", .choice(["unknown"]), "Where a write may have been carried out although it failed."),
            .optional("index", .integer, "In a batch: the place in the list."),
        ])
}
