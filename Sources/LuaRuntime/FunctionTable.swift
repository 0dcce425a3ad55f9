import CLuaBridge
import Synchronization

/// A declared function under the number by which the bridge calls it.
struct RegisteredFunction {
    enum Role {
        case declared
        /// A module's `__index`: its constants and submodules, and an error for any other name.
        case index(LuaModule)
    }
    let fullName: String
    /// Its module's full name; empty without one.
    let module: String
    let declaration: LuaFunction
    let role: Role
}

/// A script's folder, shared by the functions that look into it.
final class SharedFolder: Sendable {
    private let folder = Mutex<ScriptFolder?>(nil)
    func withLock<Value>(_ body: (ScriptFolder?) -> Value) -> Value { folder.withLock { body($0) } }
    func set(_ path: String) { folder.withLock { $0 = ScriptFolder(path) } }
}

/// The functions and modules that Lua knows by number and name. Lives on the Lua thread.
final class FunctionTable: FunctionRegistry {
    /// The function that `require` asks for the host's own modules.
    static let library: Int64 = 0
    /// The function that an untrusted script's `loadfile` asks.
    static let file: Int64 = 1
    /// The function that tells the full name of another by its number.
    static let nameOfFunction = Int64(MS_NAME_OF_FUNCTION)

    /// The folder whose modules are found although `package.path` does not name it: an untrusted script's own, or one whose
    /// name cannot stand in `package.path`.
    let folder = SharedFolder()
    private var functions: [Int64: RegisteredFunction] = [:]
    private var next: Int64 = 3
    private var written: Set<String> = []

    init(_ options: LuaRuntime.Options) {
        let folder = folder
        let library = options.library
        add(Self.library, "require") { name in library(name) ?? folder.withLock { $0?.module(name) } }
        add(Self.file, "loadfile") { path in folder.withLock { $0?.file(path) } }
    }

    private func add(_ number: Int64, _ name: String, _ find: @escaping @Sendable (String) -> LuaChunk?) {
        let declaration = LuaFunction(
            name, "Finds Lua source.",
            parameters: [.required("name", .any, "Its name: bytes that are no text name nothing.")],
            body: .immediate { call in
                guard let chunk = find(call.string("name") ?? "") else { return [] }
                return [.bytes(chunk.source), .string(chunk.name)]
            })
        functions[number] = RegisteredFunction(fullName: name, module: "", declaration: declaration, role: .declared)
    }

    /// The full name of the declared function of that number.
    func name(of number: Int64) -> String? { functions[number]?.fullName }

    subscript(number: Int64) -> RegisteredFunction? { functions[number] }

    func drop(_ number: Int64) { functions[number] = nil }

    /// The values as the bridge reads them; functions and modules among them get numbers.
    func message(_ values: [LuaValue]) -> ms_message {
        var writer = MessageWriter()
        for value in values { writer.write(value, registry: self) }
        return writer.finish()
    }

    func register(_ function: LuaFunction, in module: String) -> Int64 {
        let name = module.isEmpty ? function.name : "\(module).\(function.name)"
        return add(RegisteredFunction(fullName: name, module: module, declaration: function, role: .declared))
    }

    private func add(_ function: RegisteredFunction) -> Int64 {
        defer { next += 1 }
        functions[next] = function
        return next
    }

    func write(_ module: LuaModule, to writer: inout MessageWriter) {
        guard written.insert(module.key).inserted else {
            writer.tag(MS_MODULE)
            writer.text(module.key)
            return
        }
        writer.tag(MS_MODULE_DEFINITION)
        writer.text(module.key)
        writer.text(module.name)
        writer.byte(1)  // it has an index: for constants and submodules, and for the names that it lacks
        let declaration = LuaFunction("__index", "", body: .immediate { _ in [] })
        writer.number(
            add(RegisteredFunction(fullName: module.name, module: "", declaration: declaration, role: .index(module))))
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
