import JSON

/// Gives a plan's lines the numbers that its file has. Pure.
///
/// They are those of the writes, but for the numbers that stand in a user's text as if it were a placeholder (`plan:7` as the
/// value of a property): no line has such a one, so that the text is nothing but a text.
enum PlanNumbering {
    /// - Parameter tag: The plan's word, by which its own placeholders are known.
    static func numbered(_ lines: [PlannedWrite], tag: String) -> [PlannedWrite] {
        let taken = lines.reduce(into: Set<Int64>()) { taken, line in
            if let body = line.body { taken.formUnion(Placeholder.lines(in: body)) }
        }
        var numbers: [Int64: Int64] = [:]
        var last: Int64 = 0
        for line in lines {
            last = max(last + 1, line.n)
            while taken.contains(last) { last += 1 }
            numbers[line.n] = last
        }
        return lines.map { line in
            var line = line
            line.n = numbers[line.n] ?? line.n
            line.path = Placeholder.renumbered(line.path, tag: tag, numbers)
            line.body = line.body.map { Placeholder.renumbered($0, tag: tag, numbers) }
            line.id = line.id.map { id in
                Placeholder(id, tag: tag).map { Placeholder(numbers[$0.line] ?? $0.line).text } ?? id
            }
            line.depends = line.depends.map { numbers[$0] ?? $0 }
            return line
        }
    }
}
