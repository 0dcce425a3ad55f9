import GRDB

/// Fills a portal with contacts, and with companies, deals, tickets, notes and tasks that are linked to them.
struct SeedRecords {
    let db: Database
    let options: SimulatorOptions

    private static let progressStep = 100_000

    /// The numbers of association types that links are made with: from the first type to the second, and back.
    private enum Kind {
        static let contactToCompany: (Int64, Int64) = (279, 280)
        static let contactToPrimary: (Int64, Int64) = (1, 2)
        static let dealToCompany: (Int64, Int64) = (341, 342)
        static let dealToPrimary: (Int64, Int64) = (5, 6)
        static let ticketToCompany: (Int64, Int64) = (339, 340)
        static let ticketToPrimary: (Int64, Int64) = (26, 25)
    }

    func run(_ count: Int) throws {
        let employers = try contacts(count)
        guard let contact = Self.type("0-1"), let company = Self.type("0-2") else { return }
        var business = Business(seed: options.seed)
        var links = SeedLinks()
        let companies = Business.companies.count(of: count)
        try insert("0-2", companies) { index, id, type in business.company(index, id: id, of: companies, type) }

        /// The place of the company that a contact works for: one of its employer's branches.
        func workplace(_ person: Int) -> Int? {
            guard let employer = employers[person], employer < companies else { return nil }
            let branches = (companies - employer - 1) / People.companies.count + 1
            return employer + People.companies.count * (person % branches)
        }
        func key(_ type: PortalObjectType, _ index: Int) -> Int64 { type.key(Seed.firstID + Int64(index)) }
        for person in 0..<count {
            guard let place = workplace(person) else { continue }
            links.addPrimary(
                key(contact, person), key(company, place), Kind.contactToCompany, Kind.contactToPrimary)
        }
        /// Each is about one contact, and they spread over all of them.
        func person(_ index: Int, of items: Int) -> Int { index * count / max(1, items) }

        let deals = Business.deals.count(of: count)
        try insert("0-3", deals) { index, id, type in
            let person = person(index, of: deals)
            let place = workplace(person)
            links.add(type.key(id), key(contact, person), 3, 4)
            if let place {
                links.addPrimary(type.key(id), key(company, place), Kind.dealToCompany, Kind.dealToPrimary)
            }
            return business.deal(index, id: id, of: deals, type, company: place.map(Business.name(ofCompany:)))
        }
        let tickets = Business.tickets.count(of: count)
        try insert("0-5", tickets) { index, id, type in
            let person = person(index, of: tickets)
            links.add(type.key(id), key(contact, person), 16, 15)
            if let place = workplace(person) {
                links.addPrimary(type.key(id), key(company, place), Kind.ticketToCompany, Kind.ticketToPrimary)
            }
            return business.ticket(index, id: id, of: tickets, type)
        }
        // Notes and tasks are about a contact, and about the deal or the company that is there as well.
        let deal = Self.type("0-3")
        let tasks = Business.tasks.count(of: count)
        try insert("0-27", tasks) { index, id, type in
            links.add(type.key(id), key(contact, person(index, of: tasks)), 204, 203)
            if let deal, deals > 0 { links.add(type.key(id), key(deal, index * deals / tasks), 216, 215) }
            return business.task(index, id: id, of: tasks, type)
        }
        let notes = Business.notes.count(of: count)
        try insert("0-46", notes) { index, id, type in
            let person = person(index, of: notes)
            links.add(type.key(id), key(contact, person), 202, 201)
            if let place = workplace(person) { links.add(type.key(id), key(company, place), 190, 189) }
            return business.note(index, id: id, of: notes, type)
        }
        try links.store(db)
    }

    private static func type(_ id: String) -> PortalObjectType? { ObjectTypeCatalogue.all.first { $0.id == id } }

    /// Makes the records of one type, whose ids go up from the first one.
    private func insert(
        _ typeID: String, _ count: Int, _ make: (_ index: Int, _ id: Int64, PortalObjectType) -> Business.Item
    ) throws {
        guard let type = Self.type(typeID) else { return }
        let statement = try statement()
        for index in 0..<count {
            let id = Seed.firstID + Int64(index)
            let item = make(index, id, type)
            try statement.execute(
                arguments: [type.key(id), type.ordinal, item.created, item.updated, StoredProperties(item.values).text])
        }
        try note(count, of: type)
    }

    private func statement() throws -> Statement {
        try db.makeStatement(
            sql: """
                INSERT INTO records (key, type, archived, created, updated, properties) VALUES (?, ?, 0, ?, ?, ?)
                """)
    }

    private func note(_ count: Int, of type: PortalObjectType) throws {
        try db.execute(
            sql: "UPDATE object_types SET next_id = ? WHERE ordinal = ?",
            arguments: [Seed.firstID + Int64(count), type.ordinal])
    }

    /// - Returns: By contact, the place of the company that it works for.
    private func contacts(_ count: Int) throws -> [Int?] {
        guard let type = Self.type("0-1") else { return [] }
        var people = People(seed: options.seed)
        var employers: [Int?] = []
        employers.reserveCapacity(count)
        let records = try statement()
        for index in 0..<count {
            if index > 0, index % Self.progressStep == 0 { options.onProgress?(index, count) }
            let id = Seed.firstID + Int64(index)
            let person = people.next(id: id, of: count)
            employers.append(person.employer)
            try records.execute(
                arguments: [
                    type.key(id), type.ordinal, person.created, person.updated, StoredProperties(person.values).text,
                ])
        }
        // In their order: each goes to the end.
        try db.execute(
            sql: """
                INSERT INTO unique_values (type, property, value, key)
                SELECT type, 'email', json_extract(properties, '$.email') AS value, key FROM records ORDER BY value
                """)
        try note(count, of: type)
        return employers
    }
}
