import Foundation
import LuaRuntime
import Simulator
import Testing

@testable import Bindings

/// Calls of every declared function with values that nobody means, mixed with sensible ones.
@Suite("Odd values") struct OddValuesTests {
    private static let functions: [(name: String, parameters: [LuaParameter])] = ReferenceTests.modules
        .flatMap { module in module.functions.map { ("\(module.name).\($0.name)", $0.parameters) } }

    /// `scripts/fuzz` asks for more of them, each time others.
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["MOONSPOT_FUZZ_SEED"].flatMap { Int($0) } ?? 7
    private static func rounds(_ usual: Int) -> Int {
        usual * (environment["MOONSPOT_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 1)
    }

    /// What a parameter takes, as Lua.
    private static func sensible(_ parameter: LuaParameter) -> String {
        func value(_ type: LuaType) -> String {
            switch type {
            case .any, .json, .string, .named: "'contacts'"
            case .id: "501"
            case .boolean: "true"
            case .integer, .number: "1"
            case .choice(let choices): "'\(choices[0])'"
            case .function: "function() end"
            case .list(let element): "{ \(value(element)) }"
            case .map, .table: "{ firstname = 'Ada' }"
            case .shape(let shape):
                "{ \(shape.fields.filter { !$0.isOptional }.map { "\($0.name) = \(value($0.type))" }.joined(separator: ", ")) }"
            case .either(let types): value(types[0])
            case .described(let type, _): value(type)
            }
        }
        return value(parameter.type)
    }

    private static let declarations = functions.map { function in
        let parameters = function.parameters.map { parameter -> String in
            var names: [String] = []
            if case .shape(let shape) = parameter.type { names = shape.fields.map { "'\($0.name)'" } }
            return "{ fine = \(sensible(parameter)), fields = { \(names.joined(separator: ", ")) } }"
        }
        return "{ '\(function.name)', { \(parameters.joined(separator: ", ")) } }"
    }.joined(separator: ",\n")

    private static let fuzz = """
        local rounds, seed = ...
        math.randomseed(seed)
        local cycle = {} cycle.cycle = cycle
        local deep = {} do local t = deep for i = 1, 3000 do t.t = {} t = t.t end end
        local function error() _G.error({ kind = "validation", message = "its own" }, 0) end
        local hostile = setmetatable({}, { __index = function() error("index") end, __len = function() error("len") end,
          __pairs = function() error("pairs") end, __tostring = function() error("tostring") end, __name = 5 })
        local print = function() end
        local odd = { "", " ", "\\0", "..", "../..", "a/b", "a\\\\b", "\\xff\\xfe", "-1", "%", "%00", "@", "a@b", "1e999", "{}",
          ("x"):rep(70000), "☃", "\\n", 0, -1, 1, 2^53, 2^63, math.mininteger, math.maxinteger, 0.5, -0.0, 1/0, -1/0, 0/0,
          -2^63, -2^53, 2^53 + 1, 2^64, 1e308, -1e308, 5e-324, 1e11, 1e18, 253402300800, -62167219201, 100, 101, 10001,
          ("9"):rep(400), "-9223372036854775808", "9223372036854775808", "nan", "inf", "0x10", "1e5", "9999-12-31", "0000-00-00",
          "2026-11-22T25:61:61Z", { -2^63 }, { a = -2^63 }, { email = 0/0 }, { n = math.maxinteger }, { n = -1 },
          { ["\\u{e9}"] = 1, ["e\\u{301}"] = 2 }, { [math.mininteger] = 1 }, { [math.maxinteger] = 1 }, { [-0.5] = 1 },
          { year = math.maxinteger, month = math.mininteger, day = 1 }, { year = 2026, month = 1, day = 1, sec = 2^53 },
          { a = { between = { -2^63, 2^63 } } }, { a = { gte = 1e308 } }, { a = { 1e18, "x", false } },
          true, false, json.null, {}, json.array{}, { 1, 2, 3 }, { 1, nil, 3 }, { [0] = 1 }, { [2^53] = 1 }, { [true] = 1 },
          { a = 1, 2 }, { year = 2026 }, { year = 2026, month = 2, day = 30 }, { year = 1e300, month = 1, day = 1 },
          { year = "x", month = {}, day = print }, cycle, deep, hostile, print, io.stdout, coroutine.create(print),
          { properties = 5 }, { id = {} }, { from = 1, to = {} }, { name = "", value = {} }, { where = { a = { eq = {} } } } }
        local kinds = {}
        for kind in ("invalid_argument validation unauthenticated forbidden not_found conflict bad_response read_only not_allowed"
          .. " not_confirmed timeout"):gmatch("%S+") do kinds[kind] = true end
        local waits = { ["task.sleep"] = true, ["task.timeout"] = true, ["hubspot.limits.wait"] = true,
          ["hubspot.forms.submit_and_wait"] = true }
        local function any() return odd[math.random(#odd)] end
        local function called(name)
          local f = _G
          for part in name:gmatch("[^.]+") do f = f[part] end
          return f
        end
        local wrong = {}
        for _, declaration in ipairs(declarations) do
          local name, parameters = declaration[1], declaration[2]
          local f = called(name)
          for round = 1, rounds do
            local arguments = { n = #parameters }
            for i, parameter in ipairs(parameters) do
              local dice = math.random()
              if dice < 0.4 then arguments[i] = parameter.fine
              elseif dice < 0.75 or #parameter.fields == 0 then arguments[i] = any()
              else
                arguments[i] = {}
                for n = 1, math.random(3) do arguments[i][parameter.fields[math.random(#parameter.fields)]] = any() end
              end
            end
            local answer
            if waits[name] then  -- for ever, if it is told so
              answer = table.pack(pcall(task.timeout, 0.001, function() return f(table.unpack(arguments, 1, arguments.n)) end))
            else
              answer = table.pack(pcall(f, table.unpack(arguments, 1, arguments.n)))
            end
            local e = answer[2]
            if not answer[1] then
              if type(e) ~= "table" or not kinds[e.kind] or type(e.message) ~= "string" or e.message == "" then
                wrong[#wrong + 1] = name .. " raised " .. tostring(type(e) == "table" and e.kind or e)
              elseif e.kind == "invalid_argument" and not e.message:find(name, 1, true) and not e.request then
                wrong[#wrong + 1] = name .. " does not name itself: " .. e.message:sub(1, 200)
              end
            elseif type(e) == "function" then
              pcall(e)
              local closing = answer[5]
              if closing then local close <close> = closing end
            end
          end
        end
        return #wrong, table.concat(wrong, "\\n", 1, math.min(#wrong, 20))
        """

    private static func chunk(rounds: Int, seed: Int) -> LuaChunk {
        LuaChunk(
            "local declarations = { \(declarations) } return (function(...) \(fuzz) end)(\(rounds), \(seed))",
            name: "=fuzz")
    }

    @Test func `never get past the checks as anything but one clear error`() async throws {
        try await withoutSession { (runtime: LuaRuntime) async throws in
            let answer = try await runtime.run(Self.chunk(rounds: Self.rounds(12), seed: Self.seed))
            #expect(answer.first == 0, "\(answer.last?.asString ?? "")")
        }
    }

    @Test func `that reach the simulator come back as one clear error`() async throws {
        var options = SimulatorOptions()
        options.quota = .unlimited
        options.contacts = 3
        try await Console.running(options) { (console: Console) async throws in
            let answer = try await console.runtime.run(Self.chunk(rounds: Self.rounds(2), seed: Self.seed))
            #expect(answer.first == 0, "\(answer.last?.asString ?? "")")
        }
    }
}
