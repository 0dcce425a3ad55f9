extension ConsoleCommand {
    static let ofChanges = [undo]

    private static let undo = ConsoleCommand(
        name: "undo", summary: "takes back what the last line wrote",
        details:
            "Again: the line before. What was changed since is left and listed; moonspot undo takes a whole run back."
    ) { call in
        let context = call.context
        let items = try await context.cancellable { [undo = context.undo] _ in try await undo.undoLast() }
        guard let items else { throw CommandProblem("no line has written anything that is not taken back") }
        if items.isEmpty { context.note("all of it is as it was before, and nothing is sent") }
        Output.standard.write(
            UndoText(style: context.style, columns: Output.standard.columns, offersForce: false).text(items))
        return .ended(items.contains { $0.status == .failed } ? .failed : .fine)
    }
}
