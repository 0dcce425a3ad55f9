import Journal

/// Which run `resume` and `retry` mean where none is named. Pure.
enum ChosenRun {
    /// The last start of a script that did not end well. One that was started again since, with the same arguments, counts
    /// no more.
    static func toResume(among runs: [RunSummary]) -> RunSummary? {
        var seen: Set<[String]> = []
        for summary in runs where summary.run.kind == .script {
            let run = summary.run
            guard seen.insert([place(of: run), run.profile ?? ""] + run.arguments).inserted else { continue }
            if !summary.isRunning, run.exit != 0 { return summary }
        }
        return nil
    }

    /// The script's path from the root, however it was named.
    private static func place(of run: Run) -> String {
        let script = run.script ?? ""
        let path = script.hasPrefix("/") ? script : "\(run.folder ?? "")/\(script)"
        return path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// The last run that has writes which failed, or whose fate is unknown. What a retry did not mend is its run's still.
    static func toRetry(among runs: [RunSummary]) -> RunSummary? {
        runs.first { summary in
            !summary.isRunning && summary.run.kind != .retry
                && [.failed, .unknown, .intended].contains { summary.counts[$0] ?? 0 > 0 }
        }
    }
}
