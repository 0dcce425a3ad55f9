import LuaRuntime

extension LuaFunction {
    /// The primitive behind an iterator: checks its arguments and answers the page size.
    static func pageSize(
        _ name: String, _ parameters: [LuaParameter], atMost most: Int, usually: Int,
        check: @escaping @Sendable (LuaCall) throws -> Void = { _ in }
    ) -> LuaFunction {
        LuaFunction(
            name, "Checks an iterator's arguments and answers its page size.", parameters: parameters,
            body: .immediate { call in
                try check(call)
                _ = try call.cursor("opts.after", of: call.option("after"))
                let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: most)
                let max = try call.maximum("opts.max", call.option("max"))
                return [.integer(Int64(limit ?? min(usually, Swift.max(1, max ?? usually))))]
            })
    }
}
