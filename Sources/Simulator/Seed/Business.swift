import Wire

/// Makes up the records around a portal's contacts: companies, deals, tickets, notes and tasks. The same seed gives
/// the same ones.
struct Business {
    /// How many of a kind there are: so many for each contact, and in small portals some more.
    struct Share {
        /// One for so many contacts.
        var every: Int
        /// At most so many more, one for five contacts.
        var more: Int

        func count(of contacts: Int) -> Int { contacts / every + min(contacts / 5, more) }
    }

    static let companies = Share(every: 10, more: 8)
    static let deals = Share(every: 10, more: 8)
    static let tickets = Share(every: 20, more: 5)
    static let notes = Share(every: 10, more: 8)
    static let tasks = Share(every: 20, more: 5)

    struct Item {
        var values: [String: String]
        var created: Int64
        var updated: Int64
    }

    private var dice: SplitMix64

    init(seed: UInt64) {
        // Apart from the people's dice, so that the same people come out.
        dice = SplitMix64(seed: seed ^ 0x6275_7369_6E65_7373)
    }

    private mutating func pick<T>(_ list: [T]) -> T { list[Int(dice.next() % UInt64(list.count))] }
    private mutating func number(below limit: UInt64) -> UInt64 { dice.next() % limit }

    private static let towns = [
        ("London", "United Kingdom"), ("München", "Germany"), ("Kraków", "Poland"), ("東京", "Japan"),
        ("São Paulo", "Brazil"), ("Київ", "Ukraine"), ("Boston", "United States"), ("Orléans", "France"),
        ("Malmö", "Sweden"), ("İstanbul", "Türkiye"), ("Dublin", "Ireland"), ("Toronto", "Canada"),
    ]
    private static let industries = ["ACCOUNTING", "COMPUTER_SOFTWARE", "FOOD_PRODUCTION", "MANUFACTURING"]
    private static let goods = [
        "yearly plan", "pilot", "renewal", "training", "40 seats", "support contract", "Großauftrag", "更新",
    ]
    private static let stages = [
        "appointmentscheduled", "appointmentscheduled", "qualifiedtobuy", "presentationscheduled",
        "decisionmakerboughtin", "contractsent", "closedwon", "closedwon", "closedlost",
    ]
    private static let troubles = [
        ("Cannot log in", "The password is not accepted since this morning."),
        ("Invoice shows the wrong address", "Please send it again with the address of our new office."),
        ("Export stops half-way", "It ends after some 2,000 rows, without a message."),
        ("Lieferung unvollständig", "Zwei der vier Kartons fehlen."),
        ("Question about the yearly plan", "Can seats be added during the year?"),
        ("ログインできません", "昨日から入れません。"),
    ]
    private static let remarks = [
        "Called: wants an offer by the end of the month.", "Met at the fair; asked for the price list.",
        "Is on holiday until the 15th.", "Prefers email to the telephone.",
        "Happy with the pilot, <b>two more teams</b> to come.", "Hat nach Mengenrabatt gefragt.",
        "Decision is with the board; next meeting on Tuesday.",
    ]
    private static let chores = [
        ("Call back", "About the open questions."), ("Send the offer", "With the yearly plan."),
        ("Check the contract", "Clause 7 is new."), ("Rückruf", "Vormittags."),
        ("Ask for feedback", "Three questions are enough."),
    ]

    /// The properties of every record.
    private mutating func item(
        _ id: Int64, _ type: PortalObjectType, _ index: Int, of count: Int, _ own: [String: String]
    ) -> Item {
        let span = People.lastDay - People.firstDay
        let step = span / Int64(max(1, count))
        let created = People.firstDay + step * Int64(index) + Int64(number(below: UInt64(max(1, step))))
        let updated = min(created + Int64(number(below: UInt64(20 * Timestamp.millisecondsPerDay))), People.lastDay + 1)
        var values = own
        values["hs_object_id"] = String(id)
        values[type.createdProperty] = Timestamp.iso(created)
        values[type.modifiedProperty] = Timestamp.iso(updated)
        values["hs_object_source"] = "IMPORT"
        values["hs_object_source_id"] = "1"
        values["hs_object_source_label"] = "IMPORT"
        values["hubspot_owner_id"] = pick(["41", "42", "43"])
        return Item(values: values, created: created, updated: updated)
    }

    /// The name of the company at a place: those at the same place modulo the employers' number are branches of one.
    static func name(ofCompany index: Int) -> String {
        let (name, branch) = (employer(index).0, index / People.companies.count)
        guard branch > 0 else { return name }
        let town = towns[(branch - 1) % towns.count].0
        let round = (branch - 1) / towns.count
        return round == 0 ? "\(name) \(town)" : "\(name) \(town) \(round + 1)"
    }

    private static func employer(_ index: Int) -> (String, String) { People.companies[index % People.companies.count] }

    mutating func company(_ index: Int, id: Int64, of count: Int, _ type: PortalObjectType) -> Item {
        let branch = index / People.companies.count
        let place = Self.towns[branch > 0 ? (branch - 1) % Self.towns.count : index % Self.towns.count]
        let domain = Self.employer(index).1
        return item(
            id, type, index, of: count,
            [
                "name": Self.name(ofCompany: index), "domain": domain, "website": "https://www.\(domain)",
                "city": place.0, "country": place.1, "industry": pick(Self.industries),
                "numberofemployees": String(5 + number(below: 2000)),
                "annualrevenue": String((1 + number(below: 900)) * 100_000),
                "lifecyclestage": pick(["lead", "opportunity", "customer", "customer"]),
            ])
    }

    /// - Parameter company: The name of the company that the deal is with.
    mutating func deal(_ index: Int, id: Int64, of count: Int, _ type: PortalObjectType, company: String?) -> Item {
        let what = pick(Self.goods)
        var deal = item(
            id, type, index, of: count,
            [
                "dealname": company.map { "\($0): \(what)" } ?? "\(what.capitalizedFirst) \(index + 1)",
                "amount": String((1 + number(below: 400)) * 250), "pipeline": "default", "dealstage": pick(Self.stages),
                "dealtype": pick(["newbusiness", "existingbusiness"]),
            ])
        let closes = deal.created + Int64(7 + number(below: 90)) * Timestamp.millisecondsPerDay
        deal.values["closedate"] = Timestamp.iso(closes)
        return deal
    }

    mutating func ticket(_ index: Int, id: Int64, of count: Int, _ type: PortalObjectType) -> Item {
        let (subject, content) = pick(Self.troubles)
        return item(
            id, type, index, of: count,
            [
                "subject": subject, "content": content, "hs_pipeline": "0",
                "hs_pipeline_stage": pick(["1", "2", "3", "4", "4"]),
                "hs_ticket_priority": pick(["LOW", "MEDIUM", "HIGH"]),
                "hs_ticket_category": pick(["PRODUCT_ISSUE", "BILLING_ISSUE", "GENERAL_INQUIRY"]),
            ])
    }

    mutating func note(_ index: Int, id: Int64, of count: Int, _ type: PortalObjectType) -> Item {
        var note = item(id, type, index, of: count, ["hs_note_body": "<p>\(pick(Self.remarks))</p>"])
        note.values["hs_timestamp"] = Timestamp.iso(note.created)
        return note
    }

    mutating func task(_ index: Int, id: Int64, of count: Int, _ type: PortalObjectType) -> Item {
        let (subject, body) = pick(Self.chores)
        var task = item(
            id, type, index, of: count,
            [
                "hs_task_subject": subject, "hs_task_body": body,
                "hs_task_status": pick(["NOT_STARTED", "NOT_STARTED", "IN_PROGRESS", "COMPLETED"]),
            ])
        let due = task.created + Int64(1 + number(below: 21)) * Timestamp.millisecondsPerDay
        task.values["hs_timestamp"] = Timestamp.iso(due)
        return task
    }
}
