import CLuaBridge

/// A declared function under the number by which the bridge calls it.
struct RegisteredFunction {
    enum Role {
        case declared
        /// A module's `__index`: its constants and submodules.
        case index(LuaModule)
    }
    let fullName: String
    let declaration: LuaFunction
    let role: Role
}

/// The functions and modules that Lua knows by number and name. Lives on the Lua thread.
final class FunctionTable: FunctionRegistry {
    /// The function that `require` asks for the host's own modules.
    static let library: Int64 = 0

    private var functions: [Int64: RegisteredFunction] = [:]
    private var next: Int64 = 1
    private var written: Set<String> = []

    init(library: @escaping @Sendable (String) -> LuaChunk?) {
        let search = LuaFunction(
            "require", "Finds a module of the library.", parameters: [.required("name", .string, "Its name.")],
            body: .immediate { call in
                guard let chunk = library(call.string("name") ?? "") else { return [] }
                return [.bytes(chunk.source), .string(chunk.name)]
            })
        functions[Self.library] = RegisteredFunction(fullName: "require", declaration: search, role: .declared)
    }

    subscript(number: Int64) -> RegisteredFunction? { functions[number] }

    func drop(_ number: Int64) { functions[number] = nil }

    func register(_ function: LuaFunction, in module: String) -> Int64 {
        let name = module.isEmpty ? function.name : "\(module).\(function.name)"
        return add(RegisteredFunction(fullName: name, declaration: function, role: .declared))
    }

    private func add(_ function: RegisteredFunction) -> Int64 {
        defer { next += 1 }
        functions[next] = function
        return next
    }

    func write(_ module: LuaModule, to writer: inout MessageWriter) {
        guard written.insert(module.name).inserted else {
            writer.tag(MS_MODULE)
            writer.text(module.name)
            return
        }
        writer.tag(MS_MODULE_DEFINITION)
        writer.text(module.name)
        let hasIndex = !module.constants.isEmpty || module.submodule != nil
        writer.byte(hasIndex ? 1 : 0)
        if hasIndex {
            let declaration = LuaFunction("__index", "", body: .immediate { _ in [] })
            writer.number(add(RegisteredFunction(fullName: module.name, declaration: declaration, role: .index(module))))
        }
        writer.text(module.prelude ?? "")
        write(module.functions, of: module.name, to: &writer)
        write(module.primitives, of: module.name, to: &writer)
    }

    private func write(_ functions: [LuaFunction], of module: String, to writer: inout MessageWriter) {
        writer.number(UInt32(functions.count))
        for function in functions {
            writer.text(function.name)
            writer.number(register(function, in: module))
            if case .lua(let body) = function.body { writer.text(body) } else { writer.text("") }
        }
    }
}
