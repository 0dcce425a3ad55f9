import Bindings
import Digests
import Foundation
import HubSpot
import JSON
import Journal
import Synchronization
import Words

/// The checkpoints of a process's loops, in the journal of the session that it starts with.
///
/// A checkpoint is known by the script's path, the name that the loop gives it, the portal and the profile: the same script
/// with other arguments goes on from the same one, unless it puts them into the name.
final class Checkpoints: CheckpointKeeper {
    private let run: Run
    private let journals: RunJournals
    private let source: SessionSource
    private let options: SessionOptions
    /// Of what standard input held, where that is the script.
    private let digest = Mutex<String?>(nil)
    /// Those that have begun anew: once in a process.
    private let begunAnew = Mutex<Set<String>>([])
    /// Loops that have ended where nothing is written: there they begin anew the next time, as they would.
    private let rehearsed = Mutex<[Rehearsed]>([])

    private struct Rehearsed: Equatable {
        var identity: String
        /// Nil for all that the process runs.
        var plan: WritePlan?

        static func == (one: Rehearsed, other: Rehearsed) -> Bool {
            one.identity == other.identity && one.plan === other.plan
        }
    }

    /// - Parameter run: The script's.
    init(of run: Run, journals: RunJournals, source: SessionSource, options: SessionOptions) {
        self.run = run
        self.journals = journals
        self.source = source
        self.options = options
    }

    func open(
        _ name: String, onUnknown: UnknownWrites, within item: (any CheckpointItem)?, in plan: WritePlan?
    ) async throws(HubSpotError) -> any LoopCheckpoint {
        guard let own = journals.first else {
            throw .invalidArgument(
                "a checkpoint lies in the journal, which --journal off has turned off; leave it out, or the checkpoint")
        }
        let outer = item as? KeptItem
        let identity = try await identity(name, within: outer)
        let loop = Journal.Loop(
            identity: identity, name: name,
            within: outer.map { ($0.checkpoint.id, $0.key) })
        let rehearsal = Rehearsed(identity: identity, plan: plan)
        let isRehearsal = options.dryRun || plan != nil
        let opened: Checkpoint?
        do throws(JournalProblem) {
            if isRehearsal {
                let isFresh = options.fresh && outer == nil || rehearsed.withLock { $0.contains(rehearsal) }
                // To look into a journal makes none.
                let journal = own.journal.isThere ? own.journal : Journal()
                opened = try await journal.look(at: loop, isFresh: isFresh)
            } else {
                let isFresh = options.fresh && outer == nil && begunAnew.withLock { $0.insert(identity).inserted }
                opened = try await own.journal.open(loop, at: own.now(), isFresh: isFresh)
            }
        } catch {
            throw HubSpotError(.unavailable, "checkpoint '\(name)' cannot be kept: \(error.words())")
        }
        guard let opened else {
            throw HubSpotError(
                .conflict,
                "checkpoint '\(name)' is in use: another process, or another loop of this one, goes on from it; wait for its end"
            )
        }
        if opened.goesOn, outer == nil {
            let begun = opened.begun > 0 ? ", \(Counts.grouped(opened.begun)) under way" : ""
            Output.error.line(
                "checkpoint '\(name)' goes on: \(Counts.counted(opened.done, "item")) done before\(begun)")
        }
        return KeptLoop(opened, name: name, onUnknown: onUnknown, own: own) { [self] in
            if isRehearsal { rehearsed.withLock { $0.append(rehearsal) } }
        }
    }

    private func identity(_ name: String, within outer: KeptItem?) async throws(HubSpotError) -> String {
        if let outer {
            // The same loop may run several times within an item.
            let round = outer.countLoop(name)
            return Self.text(["\(outer.checkpoint.id)", outer.key, name, "\(round)"])
        }
        let session = try await source.session()
        var portal: String
        do throws(HubSpotError) {
            portal = "\(try await session.portalID())"
        } catch  where [.forbidden, .notAllowed].contains(error.kind) {
            // A token that may not ask which portal it is for: then the token itself tells portals apart.
            portal = await session.credentialKey() ?? ""
        }
        let server = session.apiURL
        if !server.isHubSpots { portal += " \(server)" }
        return Self.text([place, name, portal, source.description.profile ?? ""])
    }

    private static func text(_ parts: [String]) -> String {
        String(decoding: JSONValue.array(parts.map(JSONValue.string)).bytes, as: UTF8.self)
    }

    /// The script came by standard input: it is known by what it says.
    func noteStandardInput(_ bytes: [UInt8]) { digest.withLock { $0 = Digest.sha256(bytes).hexadecimal } }

    /// What runs: a script by its file, a piece of code and standard input by themselves, everything else by its folder.
    private var place: String {
        switch run.kind {
        case .script where run.script != nil && run.script != "-":
            run.script.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path } ?? ""
        case .code: "-e \(run.script ?? "")"
        case .script: "- \(digest.withLock { $0 } ?? "") in \(run.folder ?? "")"
        default: "\(run.kind.rawValue) in \(run.folder ?? "")"
        }
    }
}
