import LuaRuntime

extension LuaModule {
    /// `task`: several things at once.
    ///
    /// - Parameters:
    ///   - progress: Hears how far `map` and `each` are.
    ///   - checkpoints: Keeps the checkpoints of `map` and `each`.
    static func task(_ progress: TaskProgress?, _ checkpoints: (any CheckpointKeeper)?) -> LuaModule {
        LuaModule(
            "task", "Runs several things at once: a task waits for HubSpot while others go on.",
            functions: [
                LuaFunction(
                    "spawn", "Starts a task.",
                    details:
                        "`f` first runs when the spawner waits or ends. A script ends when its last task has ended. An "
                        + "error in a task that nobody awaits is reported when its parent ends, and the others go on.",
                    parameters: [.required("f", .function, "What runs."), .variadic("Its arguments.")],
                    returns: [LuaReturn(.named("task.Task"), "The task: `t:await()`, `t:cancel()`.")],
                    example: "local t = task.spawn(hubspot.contacts.count); print(t:await())", body: .lua("spawn")),
                LuaFunction(
                    "sleep", "Waits; the other tasks go on.", details: "`task.sleep(0)` lets the others run.",
                    parameters: [.required("seconds", .number, "How long, 0 or more.")], example: "task.sleep(0.5)",
                    body: .lua("sleep")),
                LuaFunction(
                    "timeout", "Runs f, but no longer than that.",
                    details: "Then f is stopped, and an error of kind timeout is raised.",
                    parameters: [
                        .required("seconds", .number, "How long, 0 or more."), .required("f", .function, "What runs."),
                    ], returns: [LuaReturn(.any, "What f returns.")], raises: ["timeout"],
                    example: "task.timeout(5, function() return hubspot.contacts.count() end)", body: .lua("timeout")),
                LuaFunction(
                    "all", "Runs functions at once and waits for all.",
                    details: "The first error stops the others and is raised unchanged.",
                    parameters: [.required("functions", .list(.function), "What runs.")],
                    returns: [
                        LuaReturn(
                            .table,
                            "The first result of each in the list's order. How many there are is in `n`, which is no entry."
                        )
                    ],
                    example: "task.all{ hubspot.contacts.count, hubspot.companies.count }", body: .lua("all")),
                LuaFunction(
                    "map", "Calls f for each element, many at a time, and keeps the results.",
                    details:
                        "An iterator is drawn from on demand. The first error stops the others and is raised unchanged. With "
                        + "`checkpoint` as `each` has it; what `f` returns is kept too, so it has to be what JSON can hold, and "
                        + "`map` answers it as it was kept: plain tables.",
                    parameters: mapParameters,
                    returns: [
                        LuaReturn(
                            .table,
                            "The first result of each in order. How many there are is in `n`, which is no entry.")
                    ], raises: checkpointKinds,
                    example: "task.map({ 501, 502 }, function(id) return hubspot.contacts.get(id) end)",
                    body: .lua("map")),
                LuaFunction(
                    "each", "Calls f for each element, many at a time.", details: eachDetails,
                    parameters: mapParameters, raises: checkpointKinds,
                    example: "task.each(hubspot.contacts.each{ max = 20 }, function(contact) print(contact.email) end)",
                    body: .lua("each")),
            ],
            shapes: [
                LuaShape(
                    "task.Task", "A task.",
                    fields: [
                        .required(
                            "await", .named("fun(self: task.Task): any"),
                            "Waits for it and returns its results, or raises its error."),
                        .required(
                            "cancel", .named("fun(self: task.Task)"),
                            "Stops it. Awaiting it then raises kind cancelled."),
                    ])
            ],
            primitives: [
                LuaFunction(
                    "refuse", "Raises an error of a kind.",
                    parameters: [.required("kind", .string, ""), .required("message", .string, "")],
                    body: .immediate { call in
                        throw LuaError(call.string("kind") ?? "", call.string("message") ?? "")
                    })
            ] + progressPrimitives(progress) + LuaFunction.checkpointPrimitives(checkpoints), prelude: Prelude.task)
    }

    private static func progressPrimitives(_ progress: TaskProgress?) -> [LuaFunction] {
        let number = LuaParameter.required("number", .integer, "")
        return [
            LuaFunction(
                "progress_begin", "Answers a number where somebody looks at how far it is, else nil.",
                parameters: [.required("name", .string, ""), .optional("total", .integer, "")],
                body: .immediate { call in
                    guard let progress else { return [.none] }
                    let total = call.integer("total").map { Int($0) }
                    return [.integer(progress.begin("task.\(call.string("name") ?? "")", total: total))]
                }),
            LuaFunction(
                "progress_step", "An item is done.", parameters: [number],
                body: .immediate { call in
                    progress?.step(call.integer("number") ?? 0)
                    return []
                }),
            LuaFunction(
                "progress_end", "It goes on no more.", parameters: [number],
                body: .immediate { call in
                    progress?.end(call.integer("number") ?? 0)
                    return []
                }),
        ]
    }

    private static let mapParameters: [LuaParameter] = [
        .required("items", .either([.table, .function]), "A list, or an iterator such as `hubspot.contacts.each()`."),
        .required("f", .function, "Called as f(value, index), with an iterator as f(its values...)."),
        .optional(
            "opts",
            .shape(
                LuaShape(
                    "task.MapOpts", "How many at a time.",
                    fields: [
                        .optional("concurrency", .integer, "Tasks at a time: 1,000 if left out."),
                        .optional(
                            "checkpoint", .string,
                            "The name under which the loop goes on when the script is started again."),
                        .optional(
                            "key", .function,
                            "With `checkpoint`: called as f is, returns what an element is known by, text or a number. Left "
                                + "out: a record's id, or the element itself."),
                        .optional(
                            "on_unknown", .choice(["send", "skip"]),
                            "With `checkpoint`: what becomes of a write that may have been carried out before, where no look-up "
                                + "can tell. Left out: an error of kind fate_unknown."),
                    ])),
            "How many at a time, and whether the loop can be gone on with."),
    ]

    private static let checkpointKinds = ["fate_unknown", "checkpoint_mismatch"]

    private static let eachDetails =
        "As `map` without results. With `checkpoint`, the loop goes on where it stopped when the script is started again, "
        + "after a crash too: an element whose `f` has returned is left out. One that was under way runs again, and in it "
        + "each write that was done answers what it answered then, without being sent; one that may have been carried out "
        + "is first looked up, by its id or a unique value. If `f` writes something else than before, that raises "
        + "checkpoint_mismatch. The checkpoint ends when its loop has ended without an error; `--fresh` begins anew. It "
        + "belongs to the script, the portal and the profile, and lies in the journal; on a simulator in this process it "
        + "ends with the process. Two elements with one key are an error, and so is a checkpoint that another process "
        + "goes on with. A loop within an element may have a checkpoint of its own, which ends with that element."
}
