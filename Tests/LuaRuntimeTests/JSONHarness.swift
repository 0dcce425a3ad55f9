import LuaRuntime

extension TestModules {
    /// `json.decode`, `json.encode`, `json.array`, and `json.null()`, straight from the primitives.
    static let json = LuaModule(
        "json", "JSON.",
        functions: ["decode", "encode", "array", "null"].map { name in
            LuaFunction(name, "A primitive.", parameters: [.variadic("As the primitive.")], body: .lua(name))
        },
        prelude: """
            local _, primitives = ...
            local null = primitives.null
            return {
              decode = primitives.decode, encode = primitives.encode, array = primitives.array,
              null = function() return null end,
            }
            """)
}

/// What a chunk returns that gets `arguments` as `...`.
func json(_ source: String, _ arguments: LuaValue..., memoryLimit: Int? = nil) async throws -> [LuaValue] {
    try await withRuntime {
        $0.modules = [TestModules.json]
        $0.memoryLimit = memoryLimit
    } _: {
        try await $0.run(LuaChunk(source, name: "=test"), arguments: arguments)
    }
}
