import LuaRuntime

extension LuaModule {
    /// `json`: JSON with 64-bit integers, nulls and empty lists kept.
    static let json = LuaModule(
        "json", "Reads and writes JSON.",
        functions: [
            LuaFunction(
                "encode", "Writes a value as JSON.",
                details:
                    "Keys exactly 1..n make a list, all strings an object; an empty table is `{}` unless it was made "
                    + "with `json.array` or read from `[]`. NaN, infinity, text that is not UTF-8, cycles and functions are "
                    + "errors that name the place.",
                parameters: [
                    .optional("value", .any, "What is written; nil as `null`."),
                    .optional(
                        "opts",
                        .shape(
                            LuaShape(
                                "json.EncodeOpts", "How it looks.",
                                fields: [.optional("pretty", .boolean, "Indented by two spaces.")])), "How it looks."),
                ], returns: [LuaReturn(.string, "The JSON text.")], raises: ["invalid_argument"],
                example: "json.encode{ name = \"Ada\", tags = json.array{} }", body: .lua("encode")),
            LuaFunction(
                "decode", "Reads JSON.",
                details:
                    "An object's null is nil, a list's is `json.null`; of doubled names the last counts; an integer "
                    + "beyond 64 bits becomes a float.",
                parameters: [.required("text", .string, "The JSON text.")], returns: [LuaReturn(.any, "The value.")],
                raises: ["invalid_argument"], example: "json.decode('{\"a\":[1,2.5,null]}').a[1]", body: .lua("decode")),
            LuaFunction(
                "array", "Makes a table that encodes as a list when it is empty.",
                parameters: [.optional("list", .table, "The table; a new one if left out.")],
                returns: [LuaReturn(.table, "The same table.")], example: "json.encode(json.array{})",
                body: .lua("array")),
        ],
        constants: [
            LuaConstant("null", .named("json.Null"), "JSON's null where a nil would leave no trace.") { .null }
        ],
        shapes: [LuaShape("json.Null", "JSON's null.", fields: [])],
        primitives: [.refuse],
        prelude: Prelude.json)
}
