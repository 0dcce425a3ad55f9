// Journal: runs and their writes, on disk before the requests leave. Knows neither HubSpot nor Lua: what is kept are plain
// values, and what a write means is up to the one that tells of it.

import Dispatch
import Glibc
import Synchronization
import Waiting

/// The journal of all runs of a machine, or in memory that of this process.
///
/// Opens nothing before its first use. What is told at the same time is kept with one commit (``GroupCommit``), on a
/// queue of its own: no thread of Swift's tasks waits for the disk. A journal in memory keeps it at once, on the caller's
/// thread.
public final class Journal: Sendable {
    private enum Place: Sendable {
        case memory
        case folder(String, mostPages: Int?)
    }

    private struct State {
        var commits = GroupCommit()
        var waiting: [UInt64: OneShot<JournalProblem?>] = [:]
    }

    private let place: Place
    private let state = Mutex(State())
    private let opened = Mutex<JournalFile?>(nil)
    private let lookUps = Mutex<ItemLookUp?>(nil)
    private let queue = DispatchQueue(label: "moonspot.journal")

    private init(_ place: Place) { self.place = place }

    /// In memory: for runs of which nothing is left to take back once the process has ended.
    public convenience init() { self.init(.memory) }

    /// - Parameter folder: The state folder, in which `journal.sqlite` lies; made when it is first needed.
    public convenience init(folder: String) { self.init(folder: folder, mostPages: nil) }

    /// The journal of a state folder that has one: to look into it makes none.
    public static func existing(in folder: String) -> Journal? {
        access(JournalFile.path(in: folder), F_OK) == 0 ? Journal(folder: folder) : nil
    }

    /// Whether there is a file, or it needs none.
    public var isThere: Bool {
        switch place {
        case .memory: true
        case .folder(let folder, _): access(JournalFile.path(in: folder), F_OK) == 0
        }
    }

    convenience init(folder: String, mostPages: Int?) { self.init(.folder(folder, mostPages: mostPages)) }

    // MARK: Writing

    /// Keeps a new run, and forgets those that began more than so many days before.
    /// - Returns: Its number.
    public func begin(_ run: Run, keepingDays days: Int) async throws(JournalProblem) -> Int64 {
        try await use { try $0.begin(run, keepingDays: days) }
    }

    /// A run that has ended, or was killed, goes on.
    public func reopen(_ run: Int64) async throws(JournalProblem) { try await use { try $0.reopen(run) } }

    /// Returns once the writes are kept, so that they are known whatever happens. One with the number of an earlier one
    /// takes its place.
    /// - Throws: Where they cannot be kept: then none of them is.
    public func intend(_ writes: [Write], of run: Int64) async throws(JournalProblem) {
        let kept = OneShot<JournalProblem?>()
        let starts = state.withLock { state in
            let (ticket, starts) = state.commits.intend(writes, run: run)
            state.waiting[ticket] = kept
            return starts
        }
        if starts { onQueue { self.commit() } }
        if let problem = await kept.wait() { throw problem }
    }

    /// Tells what became of writes. Does not wait: it is kept soon, and where it cannot be, with what is told next. Of
    /// two that tell of one write the later counts.
    public func settle(_ settlements: [Settlement], of run: Int64) {
        guard !settlements.isEmpty else { return }
        if state.withLock({ $0.commits.settle(settlements, run: run) }) { onQueue { self.commit() } }
    }

    /// The run has ended. Writes of which nothing was told have an unknown fate. The caller's thread waits for the disk:
    /// the process is about to end.
    public func end(_ run: Int64, at moment: Int64, exit: Int32, portal: Int64?) throws(JournalProblem) {
        let end = { () -> Result<Void, JournalProblem> in
            // What a full disk has kept from the file may fit by now.
            self.commit()
            do throws(JournalProblem) {
                return .success(try self.attempt { try $0.end(run, at: moment, exit: exit, portal: portal) })
            } catch {
                return .failure(error)
            }
        }
        if case .memory = place { try end().get() } else { try queue.sync(execute: end).get() }
    }

    /// Writes of a run were taken back by another.
    /// - Parameter made: The ids of records that it made for that: of no other write it is asked then whether they are its.
    public func markUndone(
        _ numbers: [Int64], of run: Int64, by undo: Int64, made: [String] = []
    ) async throws(JournalProblem) {
        try await use { try $0.markUndone(numbers, of: run, by: undo, made: made) }
    }

    /// Writes of a run are about to be taken back by another, in a way that must not happen twice; nil: they are not.
    public func markUndoing(_ numbers: [Int64], of run: Int64, by undo: Int64?) async throws(JournalProblem) {
        try await use { try $0.markUndoing(numbers, of: run, by: undo) }
    }

    /// Takes a run's writes for this process until it ends, to undo or to repeat them.
    /// - Returns: False where another process has them.
    public func claim(_ run: Int64) async throws(JournalProblem) -> Bool {
        try await use { $0.locks?.claim(run) ?? true }
    }

    /// What became of a write of a run that was looked up, or made once more by another.
    public func markRetried(
        _ settlement: Settlement, of run: Int64, by retry: Int64?
    ) async throws(JournalProblem) {
        try await use { try $0.markRetried(settlement, of: run, by: retry) }
    }

    /// Items of checkpoints are done, with the next commit.
    func finish(_ item: FinishedItem) {
        if state.withLock({ $0.commits.finish(item) }) { onQueue { self.commit() } }
    }

    func commit() {
        while let batch = state.withLock({ $0.commits.next() }) {
            let problem: JournalProblem?
            do throws(JournalProblem) {
                try attempt { try $0.commit(batch) }
                problem = nil
            } catch {
                problem = error
            }
            let told = state.withLock { state in
                (problem == nil ? batch.tickets : state.commits.fail(batch)).compactMap {
                    state.waiting.removeValue(forKey: $0)
                }
            }
            for kept in told { kept.finish(problem) }
            if problem != nil { return }
        }
    }

    // MARK: Reading

    /// The runs with what became of their writes, the latest first. A run of which nothing is left but that it was killed
    /// has writes of unknown fate.
    public func runs() async throws(JournalProblem) -> [RunSummary] { try await use { try $0.runs() } }

    public func run(_ id: Int64) async throws(JournalProblem) -> RunSummary? {
        try await use { try $0.summary(of: id) }
    }

    /// The writes of a run in the order in which they were made.
    public func writes(
        of run: Int64, numbers: ClosedRange<Int64> = 0...Int64.max
    ) async throws(JournalProblem) -> [Write] {
        try await use { try $0.writes(of: run, numbers: numbers) }
    }

    // MARK: Forgetting

    /// Forgets a run with all its writes, unless it goes on.
    /// - Returns: Whether it is gone.
    public func forget(_ run: Int64) async throws(JournalProblem) -> Bool {
        try await use { try $0.forget([run]) > 0 }
    }

    /// The checkpoints that are forgotten with a run: their names, and how many of their items are done.
    public func checkpoints(of run: Int64) async throws(JournalProblem) -> [(name: String, done: Int)] {
        try await use { try $0.checkpoints(of: run) }
    }

    /// Forgets the runs that began before a moment, in milliseconds since 1970.
    /// - Returns: How many there were.
    public func forget(olderThan moment: Int64) async throws(JournalProblem) -> Int {
        try await use { try $0.forget(olderThan: moment) }
    }

    // MARK: The file

    func use<Value: Sendable>(
        _ body: @escaping @Sendable (JournalFile) throws -> Value
    ) async throws(JournalProblem) -> Value {
        let end = OneShot<Result<Value, JournalProblem>>()
        onQueue {
            do throws(JournalProblem) {
                end.finish(.success(try self.attempt(body)))
            } catch {
                end.finish(.failure(error))
            }
        }
        return try await end.wait().get()
    }

    /// The connection that loops look their items up on.
    func lookUp(_ file: JournalFile) throws -> ItemLookUp {
        try lookUps.withLock { known in
            if let known { return known }
            let made = try ItemLookUp(file)
            known = made
            return made
        }
    }

    private func onQueue(_ body: @escaping @Sendable () -> Void) {
        if case .memory = place { body() } else { queue.async(execute: body) }
    }

    func attempt<Value>(_ body: (JournalFile) throws -> Value) throws(JournalProblem) -> Value {
        var path = "memory"
        if case .folder(let folder, _) = place { path = JournalFile.path(in: folder) }
        do {
            return try body(
                try opened.withLock { opened in
                    if let opened { return opened }
                    let file =
                        switch place {
                        case .memory: try JournalFile()
                        case .folder(let folder, let mostPages): try JournalFile(folder: folder, mostPages: mostPages)
                        }
                    opened = file
                    return file
                })
        } catch {
            throw JournalProblem(error, path: path)
        }
    }
}
