import Foundation
import Glibc
import HubSpot
import Logging
import LuaRuntime
import Synchronization
import Testing

@testable import Bindings
import Quota

/// Calls of every function on a server whose answers have fields missing, types swapped, numbers that make no sense, text
/// that breaks off, headers of all kinds.
@Suite("Odd answers") struct AnswerFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["MOONSPOT_FUZZ_SEED"].flatMap { Int($0) } ?? 1
    private static let rounds = environment["MOONSPOT_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 1

    @Test func `come out as results or as errors of a documented kind`() async throws {
        var dice = FuzzDice(Self.seed)
        let calls = (0..<Self.rounds).flatMap { _ in Self.functions.flatMap { Self.calls(of: $0, &dice) } }
        let answers = Mutex((made: FuzzedAnswer(dice), count: 0))
        let answer: FuzzedServer.Answer = { line, _ in
            answers.withLock { answers in
                answers.count += 1
                return answers.made.bytes(for: line)
            }
        }
        try await FuzzedServer.running(answer) { server in
            var wrong: [String] = []
            for call in calls {
                // Each in a session of its own: an answer may say that the day's quota is used up.
                let source = try Self.source(server)
                var options = LuaRuntime.Options()
                options.modules = MoonspotModules.all(session: source)
                let runtime = try LuaRuntime(options)
                do {
                    let answer = try await runtime.run(LuaChunk(Self.checked(call), name: "=fuzz"))
                    if let problem = answer.first?.asString { wrong.append("\(call): \(problem)") }
                } catch {
                    wrong.append("\(call): \(error)")
                }
                await runtime.close()
                await source.close()
            }
            #expect(answers.withLock { $0.count } > calls.count / 2)
            #expect(wrong.isEmpty, "\(wrong.count) of \(calls.count), with seed \(Self.seed): \(wrong.prefix(10))")
        }
    }

    private static let functions: [(name: String, parameters: [LuaParameter])] = ReferenceTests.modules
        .filter { module in
            // One object type with addresses and one without stand for the many that are alike.
            module.name.hasPrefix("hubspot")
                && !ObjectType.standard.contains { type in
                    !["contacts", "deals"].contains(type.name)
                        && module.name.split(separator: ".").dropFirst().first ?? "" == type.name
                }
        }
        .flatMap { module in module.functions.map { ("\(module.name).\($0.name)", $0.parameters) } }
        .filter { !["hubspot.connect", "hubspot.plan", "hubspot.limits.wait"].contains($0.0) }

    private static func source(_ server: FuzzedServer) throws -> SessionSource {
        let url = "http://127.0.0.1:\(server.port)"
        var configuration = SessionConfiguration(
            credential: FixedCredential(try AccessToken("pat-na1-11111111-2222-4333-8444-555555555555")),
            baseURL: try BaseURL(url))
        configuration.clock = EagerClock()
        configuration.logger.logLevel = .critical
        return SessionSource(description: SessionDescription(auth: "token", baseURL: url)) {
            [configuration] () throws(HubSpotError) in
            Session(configuration)
        }
    }

    // MARK: Calls

    private static func calls(of function: (name: String, parameters: [LuaParameter]), _ dice: inout FuzzDice)
        -> [String]
    {
        (0..<3).map { _ in
            let arguments = function.parameters.map { parameter in
                parameter.isOptional && dice.once(in: 2) ? "nil" : value(parameter.type, named: parameter.name, &dice)
            }
            return "\(function.name)(\(arguments.joined(separator: ", ")))"
        }
    }

    /// A value that makes sense, so that a request is sent.
    private static func value(_ type: LuaType, named name: String, _ dice: inout FuzzDice) -> String {
        switch (type, name) {
        case (_, "method"): "'\(dice.pick(["GET", "POST", "PATCH", "DELETE"]))'"
        case (_, "path"): "'/crm/v3/owners'"
        case (_, "where"): "{ createdate = { gte = 1795305600 }, email = 'ada@example.org' }"
        case (_, "associations"): "{ 'companies' }"
        case (_, "idProperty"): "'email'"
        case (_, "fields"): "{ email = 'ada@example.org' }"
        case (_, "filterGroups"), (_, "filters"), (_, "any"), (_, "sorts"), (_, "after"), (_, "headers"), (_, "body"):
            "nil"
        case (_, "submittedAt"): "nil"
        case (_, "email"): "'ada@example.org'"
        case (.any, _), (.json, _), (.string, _), (.named, _): "'contacts'"
        case (.id, _): "501"
        case (.boolean, _): dice.once(in: 2) ? "true" : "false"
        case (.integer, _), (.number, _): "\(Int.random(in: 1...20, using: &dice))"
        case (.choice(let choices), _): "'\(dice.pick(choices))'"
        case (.function, _): "function() end"
        case (.list(.table), "list"):
            dice.pick([
                "{ { id = 501, properties = { email = 'a@example.org' } }, { id = 502, properties = { createdate = 1795305600 } } }",
                "{ { email = 'a@example.org' }, { email = 'b@example.org' } }",
                "{ { from = 501, to = 900 }, { from = 1, to = 2 } }",
            ])
        case (.list(let element), _): "{ \(value(element, named: "", &dice)) }"
        case (.map, _), (.table, _): "{ name = 'x', firstname = 'Ada', createdate = 1795305600 }"
        case (.shape(let shape), _): shaped(shape, &dice)
        case (.described(let type, _), _): value(type, named: name, &dice)
        case (.either(let types), _): value(dice.pick(types), named: name, &dice)
        }
    }

    private static func shaped(_ shape: LuaShape, _ dice: inout FuzzDice) -> String {
        var fields: [String] = []
        for field in shape.fields where !field.isOptional || dice.once(in: 3) {
            fields.append("\(field.name) = \(value(field.type, named: field.name, &dice))")
        }
        return "{ \(fields.joined(separator: ", ")) }"
    }

    /// The call, what it answers walked over; returns what is wrong.
    private static func checked(_ call: String) -> String {
        """
        local kinds = {}
        for kind in ([[invalid_argument validation unauthenticated forbidden not_found conflict rate_limited daily_limit
          unavailable timeout network bad_response fate_unknown]]):gmatch("%S+") do kinds[kind] = true end
        local function walked(value, depth)
          tostring(value)
          if type(value) ~= "table" or depth > 1200 then return end
          for key, inner in pairs(value) do walked(inner, depth + 1) end
        end
        local answer = table.pack(pcall(function() return \(call) end))
        if answer[1] and type(answer[2]) == "function" then
          local iterator = answer[2]
          local closing <close> = answer[5]
          answer = table.pack(pcall(function()
            local last
            for i = 1, 3 do last = iterator() walked(last, 1) end
          end))
        elseif answer[1] and type(answer[2]) == "table" and type(rawget(answer[2], "results")) == "table" then
          local page = answer[2]
          walked(page, 1)
          if page.next then answer = table.pack(pcall(page.next, page)) end
        end
        for i = 2, answer.n do
          walked(answer[i], 1)
          pcall(json.encode, answer[i])
        end
        local e = answer[2]
        if not answer[1] then
          if type(e) ~= "table" or not kinds[e.kind] then return "raised " .. tostring(e) end
          if type(e.message) ~= "string" or e.message == "" or tostring(e) == "" then return "an error without words" end
        end
        """
    }
}

/// A clock on which every wait is over at once, however long it is: retries and windows take no time. The deadlines of
/// requests never pass, since the server always answers or closes.
private final class EagerClock: SessionClock {
    private struct State {
        var now = Duration.zero
        /// The threads that are about to set the deadline of a request: each does so next.
        var departing: Set<pthread_t> = []
    }
    private let state = Mutex(State())

    var now: Duration { state.withLock { $0.now } }
    var unixTime: Duration { .seconds(1_795_305_600) + now }

    func departure() -> (any RequestOnItsWay)? {
        let thread = pthread_self()
        state.withLock { _ = $0.departing.insert(thread) }
        return Departure { [self] in state.withLock { _ = $0.departing.remove(thread) } }
    }

    func schedule(at instant: Duration, _ action: @escaping @Sendable () -> Void) -> any ScheduledAction {
        let isDeadline = state.withLock { state in
            if state.departing.remove(pthread_self()) != nil { return true }
            state.now = max(state.now, instant)
            return false
        }
        if !isDeadline { action() }
        return Nothing()
    }

    private struct Nothing: ScheduledAction {
        func cancel() {}
    }

    private struct Departure: RequestOnItsWay {
        private let ended: @Sendable () -> Void
        let header = (name: "X-Fuzz", value: "1")

        init(_ ended: @escaping @Sendable () -> Void) { self.ended = ended }

        func giveUp() {}
        // Only one that fails before it is sent has not set its deadline.
        func end() { ended() }
    }
}
