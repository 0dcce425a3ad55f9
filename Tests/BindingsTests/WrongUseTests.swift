import LuaRuntime
import Testing

@testable import Bindings

/// Wrong calls of every function, made from the declarations.
private struct WrongCall: Sendable, CustomTestStringConvertible {
    var code: String
    var function: String
    /// What the message must name.
    var argument: String
    var testDescription: String { code }

    static let all: [WrongCall] = ReferenceTests.modules.flatMap { module in
        module.functions.flatMap { calls(of: $0, in: module.name) }
    }

    private static func calls(of function: LuaFunction, in module: String) -> [WrongCall] {
        let name = "\(module).\(function.name)"
        var calls: [WrongCall] = []
        func add(_ arguments: [String], _ argument: String) {
            calls.append(
                WrongCall(code: "\(name)(\(arguments.joined(separator: ", ")))", function: name, argument: argument))
        }
        for (offset, parameter) in function.parameters.enumerated() where !parameter.isVariadic {
            let before = function.parameters[..<offset].map { good($0.type) }
            if !parameter.isOptional { add(before, parameter.name) }
            for value in wrong(parameter.type) { add(before + [value], parameter.name) }
            guard case .shape(let shape) = parameter.type else { continue }
            add(before + ["{ no_such_option = 1 }"], parameter.name)
            for field in shape.fields {
                for value in wrong(field.type) {
                    add(before + ["{ \(field.name) = \(value) }"], "\(parameter.name).\(field.name)")
                }
            }
        }
        return calls
    }

    private static func good(_ type: LuaType) -> String {
        switch type {
        case .any, .json, .string, .id: "'x'"
        case .boolean: "true"
        case .integer, .number: "1"
        case .choice(let choices): "'\(choices[0])'"
        case .function: "function() end"
        case .list(let element): "{ \(good(element)) }"
        case .map, .table, .shape, .named: "{ a = 1 }"
        case .either(let types): good(types[0])
        case .described(let type, _): good(type)
        }
    }

    private static func wrong(_ type: LuaType) -> [String] {
        switch type {
        case .any, .named, .json: []
        case .boolean: ["'yes'", "1", "{}"]
        case .integer: ["'many'", "1.5", "{}", "true", "math.huge", "0/0"]
        case .number: ["'many'", "{}", "true"]
        case .string: ["1", "{}", "true", "print", "'\\xff\\xfe'"]
        case .choice: ["'no such choice'", "{}"]
        case .id: ["1.5", "{}", "true", "print", "math.huge", "'\\xff'"]
        case .function: ["1", "'f'"]
        case .list(let element):
            ["1", "'x'", "true", "{ a = 1 }", "{ [1] = 'x', [3] = 'y' }"] + wrong(element).map { "{ \($0) }" }
        case .map: ["1", "'x'", "{ 1, 2 }", "{ [true] = 1 }"]
        case .table: ["1", "'x'", "true"]
        case .shape: ["1", "'x'", "true", "{ 1 }"]
        case .described(let type, _): wrong(type)
        case .either(let types):
            wrong(types[0]).filter { value in types.dropFirst().allSatisfy { wrong($0).contains(value) } }
        }
    }
}

@Suite("Wrong use") struct WrongUseTests {
    @Test func `of any function gives invalid_argument with the function's and the argument's name`() async throws {
        let calls = WrongCall.all
        #expect(calls.count > 1_000)
        try await withoutSession { (runtime: LuaRuntime) async throws in
            for call in calls {
                let code = "local ok, e = pcall(function() return \(call.code) end) return ok, e"
                let answer = try await runtime.run(LuaChunk(code, name: "=test"))
                guard case .table(let error)? = answer.last, answer.first == .boolean(false) else {
                    Issue.record("\(call.code) gave \(answer)")
                    continue
                }
                let message = error["message"].asString ?? ""
                #expect(error["kind"] == "invalid_argument", "\(call.code): \(message)")
                #expect(message.contains("'\(call.function)'"), "\(call.code): \(message)")
                #expect(message.contains("'\(call.argument)"), "\(call.code): \(message)")
            }
        }
    }

    /// Right types that make no sense: told before a session is opened.
    static let odd: [(String, String)] = [
        ("hubspot.contacts.get('')", "id_or_email"), ("hubspot.contacts.get('  ')", "id_or_email"),
        ("hubspot.contacts.get('..')", "id_or_email"), ("hubspot.contacts.get('a\\nb')", "id_or_email"),
        ("hubspot.contacts.get('../../x')", "id_or_email"), ("hubspot.contacts.find('a//b')", "id_or_email"),
        ("hubspot.contacts.delete('a/./b')", "id"), ("hubspot.companies.get('a\\\\b')", "id"),
        ("hubspot.contacts.get('@example.org')", "id_or_email"),
        ("hubspot.contacts.get('a b@example.org')", "id_or_email"),
        ("hubspot.contacts.get(('x'):rep(100000))", "id_or_email"),
        ("hubspot.contacts.get(1, { properties = { '' } })", "opts.properties[1]"),
        ("hubspot.contacts.get(1, { idProperty = '' })", "opts.idProperty"),
        ("hubspot.contacts.list{ limit = 0 }", "opts.limit"), ("hubspot.contacts.list{ limit = 101 }", "opts.limit"),
        ("hubspot.contacts.list{ limit = 51, propertiesWithHistory = { 'email' } }", "opts.limit"),
        ("hubspot.contacts.list{ limit = math.maxinteger }", "opts.limit"),
        ("hubspot.contacts.list{ after = '' }", "opts.after"),
        ("hubspot.contacts.each{ max = -1 }", "opts.max"), ("hubspot.contacts.each{ limit = 1000 }", "opts.limit"),
        ("hubspot.contacts.search{ limit = 201 }", "query.limit"),
        ("hubspot.contacts.search{ where = { a = { gtt = 1 } } }", "query.where.a"),
        ("hubspot.contacts.search{ where = { a = {} } }", "query.where.a"),
        ("hubspot.contacts.search{ where = { a = { between = { 1 } } } }", "query.where.a.between"),
        ("hubspot.contacts.search{ where = { a = 0/0 } }", "query.where.a"),
        ("hubspot.contacts.search{ where = { a = json.null } }", "query.where.a"),
        (
            "hubspot.contacts.search{ filters = { { propertyName = 'a', operator = 'LIKE' } } }",
            "query.filters[1].operator"
        ),
        (
            "hubspot.contacts.search{ any = { { a = 1 }, { a = 2 }, { a = 3 }, { a = 4 }, { a = 5 }, { a = 6 } } }",
            "query"
        ),
        ("hubspot.contacts.search_each({}, { max = -5 })", "opts.max"),
        ("hubspot.contacts.create{ email = function() end }", "properties.email"),
        ("hubspot.contacts.create{ email = 1/0 }", "properties.email"),
        ("hubspot.contacts.create{ tags = { 'a', {} } }", "properties.tags[2]"),
        ("hubspot.contacts.create{ email = '\\xff' }", "properties.email"),
        ("hubspot.contacts.upsert('a@example.org', { email = 'b@example.org' })", "properties.email"),
        (
            "hubspot.contacts.batch.upsert{ { id = 'a@example.org', properties = { email = 'b@example.org' } } }",
            "list[1].properties.email"
        ),
        ("hubspot.contacts.upsert('ada', {})", "email"), ("hubspot.contacts.merge(1, '1')", "other_id"),
        ("hubspot.companies.upsert('x', {}, {})", "opts.idProperty"),
        ("hubspot.contacts.batch.create{ { email = print } }", "list[1].email"),
        ("hubspot.contacts.batch.update{ { properties = {} } }", "list[1].id"),
        ("hubspot.contacts.batch.upsert{ { firstname = 'Ada' } }", "list[1]"),
        ("hubspot.objects('../contacts')", "type"), ("hubspot.objects('')", "type"),
        ("hubspot.forms.submit('../x', { email = 'a' })", "formGuid"),
        ("hubspot.forms.preview('x/../y', { email = 'a' })", "formGuid"), ("hubspot.forms.get('../x')", "formGuid"),
        ("hubspot.contacts.batch.create({ { firstname = 'Ada' } }, { bogus = 1 })", "opts"),
        ("hubspot.contacts.batch.create({ { firstname = 'Ada' } }, 5)", "opts"),
        ("hubspot.forms.submit('', { email = 'a' })", "formGuid"), ("hubspot.forms.submit('g', {})", "fields"),
        ("hubspot.forms.submit('g', { { value = 'x' } })", "fields[1].name"),
        ("hubspot.forms.submit('g', { email = 'a' }, { portalId = -1 })", "opts.portalId"),
        ("hubspot.forms.submit('g', { email = 'a' }, { submittedAt = 'now' })", "opts.submittedAt"),
        ("hubspot.forms.submit('g', { email = 'a' }, { context = { f = print } })", "opts.context.f"),
        ("hubspot.request('FETCH', '/x')", "method"), ("hubspot.request('GET', 'crm')", "path"),
        ("hubspot.request('GET', '//evil.example/x')", "path"), ("hubspot.request('GET', '/a/../b')", "path"),
        ("hubspot.request('GET', '/a%2F..%2Fb')", "path"), ("hubspot.request('GET', '/a//b')", "path"),
        ("hubspot.request('GET', '/a%5Cb')", "path"), ("hubspot.request('GET', '/a%0Ab')", "path"),
        ("hubspot.request('GET', '/a b')", "path"), ("hubspot.request('GET', 'https://evil.example/')", "path"),
        ("hubspot.request('GET', '/x', { headers = { Authorization = 'Bearer x' } })", "opts.headers.Authorization"),
        ("hubspot.request('GET', '/x', { headers = { host = 'evil.example' } })", "opts.headers.host"),
        ("hubspot.request('GET', '/x', { headers = { a = 'x\\r\\ny: z' } })", "opts.headers.a"),
        ("hubspot.request('GET', '/x', { query = { a = {{}} } })", "opts.query.a[1]"),
        ("hubspot.limits.wait(0)", "n"), ("hubspot.limits.wait(-3)", "n"),
        ("hubspot.associations.list('contacts', '', 'companies')", "id"),
        ("hubspot.properties.get('contacts', '')", "name"),
        ("task.sleep(-1)", "seconds"), ("task.sleep(0/0)", "seconds"),
        ("task.map({}, print, { concurrency = 0 })", "opts.concurrency"),
        ("task.spawn(json.array{})", "f"), ("task.timeout(1, json.array{})", "f"), ("task.timeout(1, io.stdout)", "f"),
        ("task.map({}, json.array{})", "f"), ("task.each({}, io.stdout)", "f"), ("task.map(io.stdout, print)", "items"),
        ("task.all{ print, json.array{} }", "functions[2]"),
        ("task.map({ a = 1 }, print)", "items"), ("task.each({ 1, 2, name = 'x' }, print)", "items"),
        ("task.map({ 1, [5] = 2 }, print)", "items"), ("task.each({ [true] = 1 }, print)", "items"),
        ("json.encode()", "value"),
    ]

    @Test(arguments: Self.odd) func `of the right type and no sense is told before a session is opened`(
        code: String, argument: String
    ) async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let chunk = "local ok, e = pcall(function() return \(code) end) return e.kind, e.message"
            let answer = try await runtime.run(LuaChunk(chunk, name: "=test"))
            #expect(answer.first == "invalid_argument")
            let message = answer.last?.asString ?? ""
            #expect(message.contains("'\(argument)' to '"), "\(message)")
        }
    }
}
