import Testing

@testable import Moonspot

@Suite("Tab") struct CompletionTests {
    private let tables: [[String]: [(name: String, type: String)]] = [
        []: [("hubspot", "table"), ("print", "function"), ("pairs", "function"), ("pcall", "function")],
        ["hubspot"]: [("contacts", "table"), ("companies", "table"), ("limits", "table")],
        ["hubspot", "contacts"]: [("get", "function"), ("gdpr_delete", "function"), ("list", "function")],
    ]

    private func complete(_ text: String) async -> LineEditor.Completion {
        await Completions.complete(text) { [tables] path in tables[path] ?? [] }
    }

    @Test(
        arguments: [
            ("hub", "spot", []), ("pr", "int(", []), ("x = hubspot.l", "imits", []), ("hubspot.contacts.ge", "t(", []),
            ("hubspot.contacts.g", "", ["gdpr_delete", "get"]), ("p", "", ["pairs", "pcall", "print"]),
            ("hubspot.co", "", ["companies", "contacts"]),
            ("", "  ", []), ("  ", "  ", []), (":li", "mits ", []), ("zzz", "", []), ("f().x", "", []),
            ("'hub", "", []),
            ("-- hub", "", []), ("for i = 1, 2 do\n  pri", "nt(", []),
        ] as [(String, String, [String])])
    func `completes names`(text: String, insertion: String, candidates: [String]) async {
        let completion = await complete(text)
        #expect(completion.insertion == insertion)
        #expect(completion.candidates.map(\.text) == candidates)
    }
}

@Suite("The place of the cursor") struct CompletionSiteTests {
    @Test(
        arguments: [
            ("f().x.na", ["f", "()", "x"], "na", false), ("people[1].em", ["people", "[1]"], "em", false),
            ("people[i].", ["people", "[1]"], "", false), ("a['b c'].", ["a", "b c"], "", false),
            ("s:up", ["s"], "up", true), ("x = y.z", ["y"], "z", false), ("a .. b.c", ["b"], "c", false),
            ("(\"x\"):up", ["string"], "up", true), ("([[x]]):up", ["string"], "up", true),
            ("f((\"x\"):up", ["string"], "up", true),
            ("f{ 1 }.x", ["f", "()"], "x", false), ("f'text'.x", ["f", "()"], "x", false),
            ("--[[ c ]] a.b", ["a"], "b", false), ("goto_ = 1 pri", [], "pri", false),
        ] as [(String, [String], String, Bool)])
    func `tells what a name is read of`(text: String, path: [String], prefix: String, isMethod: Bool) throws {
        let site = try #require(CompletionSite(text))
        #expect(site.path == path)
        #expect(site.prefix == prefix)
        #expect(site.isMethod == isMethod)
    }

    @Test(arguments: ["-- com", "(a or b).x", "('a' .. b).x", "('a', 1).x", "12", "[[ text", "--[[ a"])
    func `is none where nothing can be told`(text: String) {
        #expect(CompletionSite(text) == nil)
    }

    @Test(
        arguments: [
            ("m.f(", 0, [], false), ("m.f(1, 'a', na", 2, [], false), ("m.f{ na", 0, [], true),
            ("m.f(1, { where = { na", 1, ["where"], true), ("m.f{ where = { a = { na", 0, ["where", "a"], true),
            ("m.f{ where = { a = 1, b = na", 0, ["where", "b"], false), ("m.f{ 'x", 0, ["[]"], false),
            ("m.f{ properties = { 'a', 'x", 0, ["properties", "[]"], false), ("m.f{ a = 'x", 0, ["a"], false),
            ("m.f{ ['x", 0, [], true), ("m.f({ { na", 0, ["[]"], true), ("m.f{ a = { b = 1 }, na", 0, [], true),
        ] as [(String, Int, [String], Bool)])
    func `tells where in a call it is`(text: String, argument: Int, keys: [String], isAtKey: Bool) throws {
        let call = try #require(CompletionSite(text)?.call)
        #expect(call.function == ["m", "f"])
        #expect(call.argument == argument)
        #expect(call.keys == keys)
        #expect(call.isAtKey == isAtKey)
    }

    @Test func `keeps the texts of earlier arguments`() {
        #expect(CompletionSite("m.f('deals', x, 'q")?.call?.texts == [0: "deals"])
        #expect(CompletionSite("m.f('deals', x, 'q")?.prefix == "q")
        #expect(CompletionSite("g(m.f(1), 'q")?.call?.function == ["g"])
    }
}

@Suite("Tab among the portal's names") struct PortalCompletionTests {
    private static let properties = [
        PropertySummary(name: "email", label: "Email", type: "string"),
        PropertySummary(
            name: "lifecyclestage", label: "Lifecycle Stage", type: "enumeration",
            options: [.init(value: "lead", label: "Lead"), .init(value: "subscriber", label: "Subscriber")]),
        PropertySummary(name: "firstname", label: "First Name", type: "string"),
    ]

    private static let portal = PortalKnowledge(
        answer: { subject in
            switch subject {
            case .properties: PortalNames.Answer(properties: properties)
            case .forms:
                PortalNames.Answer(names: [
                    PortalName(
                        text: "1111-22", label: "Contact us",
                        fields: [
                            PropertySummary(name: "email", label: "Email", type: "email"),
                            PropertySummary(name: "phone", label: "Phone", type: "phone"),
                            PropertySummary(
                                name: "food", label: "Food", type: "dropdown",
                                options: [.init(value: "soup", label: "Soup"), .init(value: "bread", label: "Bread")]),
                            PropertySummary(name: "0-2/name", label: "Company", type: "single_line_text"),
                        ])
                ])
            case .owners: PortalNames.Answer(names: [PortalName(text: "77", label: "Ada Lovelace")])
            case .lists: PortalNames.Answer(names: [PortalName(text: "5", label: "Guests")])
            case .stages: PortalNames.Answer(names: [PortalName(text: "qualified", label: "Qualified to buy")])
            case .pipelines: PortalNames.Answer(names: [PortalName(text: "default", label: "Sales")])
            }
        }, known: { [properties] })

    /// The line after Tab, and what is listed.
    private func complete(_ text: String, begun: String = "") async -> (line: String, listed: [String]) {
        let completion = await Completions.complete(
            text, begun: begun,
            names: { path in
                path == ["ada"] ? [("id", "string"), ("email", "property"), ("properties", "table")] : []
            }, portal: Self.portal,
            surroundings: CommandSurroundings(
                modules: ["csv", "log"], profiles: { ["acme"] },
                topics: { ["csv", "csv.read", "csv.Reader:rows"] }))
        return (
            String(text.dropLast(completion.replaces)) + completion.insertion, completion.candidates.map(\.text)
        )
    }

    @Test(
        arguments: [
            ("hubspot.contacts.create{ fi", "hubspot.contacts.create{ firstname = "),
            ("hubspot.contacts.update(1, { li", "hubspot.contacts.update(1, { lifecyclestage = "),
            ("hubspot.contacts.create{ lifecyclestage = 'su", "hubspot.contacts.create{ lifecyclestage = 'subscriber'"),
            ("hubspot.contacts.search{ where = { em", "hubspot.contacts.search{ where = { email = "),
            ("hubspot.contacts.search{ wh", "hubspot.contacts.search{ where = "),
            ("hubspot.contacts.search{ where = { an", "hubspot.contacts.search{ where = { any = "),
            (
                "hubspot.contacts.search{ where = { any = { { em",
                "hubspot.contacts.search{ where = { any = { { email = "
            ),
            (
                "hubspot.contacts.create({}, { associations = { comp",
                "hubspot.contacts.create({}, { associations = { companies = "
            ),
            (
                "hubspot.contacts.get(1, { associations = { 'comp",
                "hubspot.contacts.get(1, { associations = { 'companies'"
            ),
            ("task.map({}, print, { conc", "task.map({}, print, { concurrency = "),
            ("task.each({}, print, { conc", "task.each({}, print, { concurrency = "),
            ("hubspot.request('GET', '/x', { hea", "hubspot.request('GET', '/x', { headers = "),
            ("hubspot.objects('dea", "hubspot.objects('deals'"), ("require 'c", "require 'csv'"),
            ("local csv = require('c", "local csv = require('csv'"),
            (
                "hubspot.contacts.search{ where = { email = { con",
                "hubspot.contacts.search{ where = { email = { contains = "
            ),
            (
                "hubspot.contacts.count{ where = { lifecyclestage = { one_of = { 'le",
                "hubspot.contacts.count{ where = { lifecyclestage = { one_of = { 'lead'"
            ),
            ("hubspot.contacts.get(1, { properties = { 'ema", "hubspot.contacts.get(1, { properties = { 'email'"),
            ("hubspot.contacts.get(1, { prop", "hubspot.contacts.get(1, { properties"),
            ("hubspot.contacts.batch.create{ { fi", "hubspot.contacts.batch.create{ { firstname = "),
            ("hubspot.contacts.get(1).fi", "hubspot.contacts.get(1).firstname"),
            ("ada.li", "ada.lifecyclestage"),
            ("hubspot.forms.submit('Con", "hubspot.forms.submit('Contact us'"),
            ("hubspot.forms.get('11", "hubspot.forms.get('1111-22'"),
            ("hubspot.forms.submit('Contact us', { ph", "hubspot.forms.submit('Contact us', { phone = "),
            ("hubspot.forms.submit('Contact us', { food = 's", "hubspot.forms.submit('Contact us', { food = 'soup'"),
            ("hubspot.forms.snippet('Contact us', 'py", "hubspot.forms.snippet('Contact us', 'python'"),
            (":form Cont", ":form Contact us"),
            (
                "hubspot.contacts.update(1, { hubspot_owner_id = 'Ada",
                "hubspot.contacts.update(1, { hubspot_owner_id = '77'"
            ),
            ("hubspot.lists.get('gue", "hubspot.lists.get('5'"), ("hubspot.owners.get('ada", "hubspot.owners.get('77'"),
            ("hubspot.deals.create{ dealstage = 'qual", "hubspot.deals.create{ dealstage = 'qualified'"),
            ("hubspot.deals.create{ pipeline = 'sal", "hubspot.deals.create{ pipeline = 'default'"),
            ("hubspot.properties.get('contacts', 'fir", "hubspot.properties.get('contacts', 'firstname'"),
            (":options contacts.li", ":options contacts.lifecyclestage"), (":props cont", ":props contacts "),
            ("task.each({}, print, { con", "task.each({}, print, { concurrency = "),
            ("hubspot.request('GET', '/crm/', { q", "hubspot.request('GET', '/crm/', { query = "),
            ("hubspot.request('PO", "hubspot.request('POST'"),
            (
                "hubspot.forms.submit('x', {}, { context = { pageU",
                "hubspot.forms.submit('x', {}, { context = { pageUri = "
            ),
            (
                "hubspot.forms.submit('x', {}, { legalConsentOptions = { consent = { communications = { { val",
                "hubspot.forms.submit('x', {}, { legalConsentOptions = { consent = { communications = { { value = "
            ),
            (
                "hubspot.contacts.create({}, { associations = { dea",
                "hubspot.contacts.create({}, { associations = { deals = "
            ),
            ("hubspot.contacts.get(1, { associations = { 'dea", "hubspot.contacts.get(1, { associations = { 'deals'"),
            (
                "hubspot.contacts.batch.create{ { associations = { dea",
                "hubspot.contacts.batch.create{ { associations = { deals = "
            ),
            (
                "hubspot.contacts.search{ where = { any = { { life",
                "hubspot.contacts.search{ where = { any = { { lifecyclestage = "
            ),
            ("hubspot.contacts.search{ any = { { life", "hubspot.contacts.search{ any = { { lifecyclestage = "),
            (
                "hubspot.contacts.search{ where = { any = { { lifecyclestage = 'le",
                "hubspot.contacts.search{ where = { any = { { lifecyclestage = 'lead'"
            ),
            ("hubspot.contacts.search{ where = { an", "hubspot.contacts.search{ where = { any = "),
            (
                "hubspot.contacts.search{ filters = { { propertyName = 'fir",
                "hubspot.contacts.search{ filters = { { propertyName = 'firstname'"
            ),
            (
                "hubspot.contacts.search{ filters = { { operator = 'BET",
                "hubspot.contacts.search{ filters = { { operator = 'BETWEEN'"
            ),
            (
                "hubspot.contacts.search{ sorts = { { direction = 'D",
                "hubspot.contacts.search{ sorts = { { direction = 'DESCENDING'"
            ),
            ("hubspot.lists.create{ proc", "hubspot.lists.create{ processingType = "),
            (
                "hubspot.properties.create('contacts', { options = { { hid",
                "hubspot.properties.create('contacts', { options = { { hidden = "
            ),
            (
                "hubspot.associations.batch.link('contacts', 'deals', { { fr",
                "hubspot.associations.batch.link('contacts', 'deals', { { from = "
            ),
            (
                "hubspot.contacts.batch.read({}, { properties = { 'fir",
                "hubspot.contacts.batch.read({}, { properties = { 'firstname'"
            ),
            ("hubspot.objects('dea", "hubspot.objects('deals'"),
            ("hubspot.objects('deals').create{ fi", "hubspot.objects('deals').create{ firstname = "),
            ("hubspot.objects('cars').get(1, { archi", "hubspot.objects('cars').get(1, { archived = "),
            ("hubspot.objects('cars').get(1).fi", "hubspot.objects('cars').get(1).firstname"),
            ("hubspot.connect('b').contacts.get(1, { archi", "hubspot.connect('b').contacts.get(1, { archived = "),
            ("hubspot.connect('ac", "hubspot.connect('acme'"), ("require 'cs", "require 'csv'"),
            (
                "hubspot.pipelines.delete_stage('deals', 'default', 'qual",
                "hubspot.pipelines.delete_stage('deals', 'default', 'qualified'"
            ),
            (":set columns em", ":set columns email"), (":set columns id,fir", ":set columns id,firstname"),
            (":help rec", ":help record"), (":help csv.rea", ":help csv.read"), ("?csv.Reader:ro", "?csv.Reader:rows"),
            (":set tim", ":set timing "), (":set timing of", ":set timing off"), (":time retu", ":time return"),
        ])
    func `completes them where they stand`(text: String, line: String) async {
        #expect(await complete(text).line == line)
    }

    @Test func `lists what is left, and fills what is sure`() async {
        #expect(await complete("hubspot.contacts.create{ lifecyclestage = '").listed == ["lead", "subscriber"])
        #expect(await complete("hubspot.contacts.get(1, { properties").line == "hubspot.contacts.get(1, { properties")
        #expect(
            await complete("hubspot.contacts.get(1, { properties").listed == ["properties", "propertiesWithHistory"])
    }

    /// A name of Lua's would be no option of theirs.
    @Test(
        arguments: [
            "hubspot.forms.submit('x', {}, { context = { p", "hubspot.contacts.search{ where = { zz",
            "hubspot.contacts.create({}, { associations = { pr", "hubspot.contacts.get(1, { pri",
        ])
    func `offers no global in place of an option`(text: String) async {
        let completion = await Completions.complete(
            text, names: { $0.isEmpty ? [("print", "function"), ("pairs", "function"), ("zzz", "table")] : [] },
            portal: Self.portal)
        for name in ["print", "pairs", "zzz"] {
            #expect(!completion.candidates.contains { $0.text == name })
            #expect(!(text + completion.insertion).hasSuffix("\(name)("))
        }
    }

    @Test func `offers globals where an element of a list may be one`() async {
        let completion = await Completions.complete(
            "task.all{ pri", names: { $0.isEmpty ? [("print", "function")] : [] }, portal: Self.portal)
        #expect(completion.insertion == "nt(")
    }

    @Test func `completes files for what opens them`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "people.csv")
        for call in ["dofile('", "io.open('", "loadfile '"] {
            #expect(await complete("\(call)\(folder.path)/peo").line == "\(call)\(folder.path)/people.csv'")
        }
    }

    @Test func `knows the lines above`() async {
        #expect(await complete("  fi", begun: "hubspot.contacts.create{").line == "  firstname = ")
    }

    @Test func `shows candidates in columns as wide as the terminal, each kind in its colour`() {
        let names = ["alpha", "beta", "gamma"].map { Candidate($0, .function) }
        #expect(CandidateList.text(names, columns: 14) == "alpha  gamma\nbeta\n")
        let colored = CandidateList.text([Candidate("f", .function)], columns: 80, style: Style(isColored: true))
        #expect(colored == "\u{1B}[36mf\u{1B}[0m\n")
    }
}
