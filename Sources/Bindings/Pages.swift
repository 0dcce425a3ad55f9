import HubSpot
import JSON
import LuaRuntime
import Synchronization

/// The primitives of functions that answer one page, and of iterators over all of them.
extension Endpoints {
    /// Fetches the page that begins at a place, nil for the first, and says where the one behind it begins.
    typealias PageFetch =
        @Sendable (Resource, PageWalk.Place?) async throws -> (page: AnswerPage, next: PageWalk.Place?)
    /// Fetches the page behind a cursor.
    typealias CursorFetch = @Sendable (Resource, _ after: String?) async throws -> AnswerPage
    /// Reads the arguments of a call, but for `opts.limit`, which is given, and `opts.after`.
    typealias CursorRead = @Sendable (LuaCall, _ limit: Int?) throws -> CursorFetch

    // MARK: Pages with cursors

    /// A primitive for `opts.limit` and `opts.after`.
    func page(
        _ name: String, _ parameters: [LuaParameter], atMost most: MostPerPage,
        as shown: @escaping @Sendable (JSONSlice) -> LuaValue = { .plainPage($0) }, _ read: @escaping CursorRead
    ) -> LuaFunction {
        page(name, parameters, as: shown) { call in
            let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: most.count(call))
            return (try call.firstPlace, Self.following(try read(call, limit)))
        }
    }

    /// A primitive for `opts.limit`, `opts.after` and `opts.max`.
    ///
    /// - Parameter usually: The size of a page where the script asks for none, or ``atMost``.
    func iterator(
        _ name: String, _ parameters: [LuaParameter], atMost most: MostPerPage,
        usually: Int? = nil, as shown: @escaping @Sendable (JSONSlice) -> LuaValue = { .plainPage($0) },
        _ read: @escaping CursorRead
    ) -> LuaFunction {
        iterator(name, parameters, as: shown) { call in
            let max = try call.maximum("opts.max", call.option("max"))
            let most = try most.count(call)
            let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: most)
            let fetch = try read(call, limit ?? min(usually ?? most, Swift.max(1, max ?? most)))
            return (try call.firstPlace, max, Self.following(fetch))
        }
    }

    private static func following(_ fetch: @escaping CursorFetch) -> PageFetch {
        { resource, place in
            let page = try await fetch(resource, place?.cursor)
            return (page, page.next.map { .cursor($0) })
        }
    }

    // MARK: Any pages

    /// A primitive that answers a page, and a function that answers the one behind it likewise; nil behind the last.
    func page(
        _ name: String, _ parameters: [LuaParameter], as shown: @escaping @Sendable (JSONSlice) -> LuaValue,
        _ read: @escaping @Sendable (LuaCall) throws -> (first: PageWalk.Place?, fetch: PageFetch)
    ) -> LuaFunction {
        LuaFunction(
            name, "One page.", parameters: parameters,
            body: .suspending { [source, resource] call in
                let make = try resource(call)
                let (first, fetch) = try read(call)
                var circle = CursorCircle()
                if let first { _ = circle.isNew(first.mark) }
                let pages = LinkedPages(name: call.function, shown: shown) { call, place in
                    try await source.use(for: call) { try await fetch(make($0), place) }
                }
                return try await pages.answer(call, at: first, circle)
            })
    }

    /// A primitive that checks an iterator's arguments. It answers a function that fetches the pages by their numbers and says
    /// whether another follows, and the most elements that the iterator yields.
    func iterator(
        _ name: String, _ parameters: [LuaParameter],
        as shown: @escaping @Sendable (JSONSlice) -> LuaValue,
        _ read: @escaping @Sendable (LuaCall) throws -> (first: PageWalk.Place?, max: Int?, fetch: PageFetch)
    ) -> LuaFunction {
        LuaFunction(
            name, "Begins a walk over pages.", parameters: parameters,
            body: .immediate { [source, resource] call in
                let make = try resource(call)
                let (first, max, fetch) = try read(call)
                let walk = SharedWalk(PageWalk(from: first))
                let fetched = LuaFunction(
                    call.function, "One page of a walk.", parameters: [.required("number", .integer, "")],
                    body: .suspending { call in
                        let number = Int(call.integer("number") ?? 1)
                        guard case .fetch(let place) = try walk.begin(number) else { return [] }
                        let (page, next) = try await source.use(for: call) { try await fetch(make($0), place) }
                        try walk.accept(number, page, next: next)
                        return [shown(page.slice), .boolean(next != nil)]
                    })
                return [.function(fetched), max.map { .integer(Int64($0)) } ?? .none]
            })
    }
}

/// The most elements that HubSpot puts on a page: a number, or one that depends on the call.
struct MostPerPage: Sendable, ExpressibleByIntegerLiteral {
    let count: @Sendable (LuaCall) throws -> Int

    init(_ count: @escaping @Sendable (LuaCall) throws -> Int) { self.count = count }
    init(integerLiteral value: Int) { count = { _ in value } }
}

/// Pages of which each leads to the one behind it: `page:next()`.
private struct LinkedPages: Sendable {
    /// The function that answered the first page.
    let name: String
    let shown: @Sendable (JSONSlice) -> LuaValue
    let fetch: @Sendable (LuaCall, PageWalk.Place?) async throws -> (page: AnswerPage, next: PageWalk.Place?)

    /// - Parameter circle: What the pages before have shown: a walk that goes round would never end.
    func answer(_ call: LuaCall, at place: PageWalk.Place?, _ circle: CursorCircle) async throws -> [LuaValue] {
        let (page, next) = try await fetch(call, place)
        guard let next else { return [shown(page.slice)] }
        var circle = circle
        let isNew = circle.isNew(next.mark)
        let following = LuaFunction(
            name, "The page behind a page.",
            body: .suspending { [circle] call in
                guard isNew else { throw HubSpotError.pagesGoRound(next.mark) }
                return try await answer(call, at: next, circle)
            })
        return [shown(page.slice), .function(following)]
    }
}

/// The state of a walk, for the calls that its iterator makes.
private final class SharedWalk: Sendable {
    private let state: Mutex<PageWalk>

    init(_ walk: PageWalk) { state = Mutex(walk) }

    func begin(_ page: Int) throws(HubSpotError) -> PageWalk.Step {
        try state.withLock { walk throws(HubSpotError) in try walk.begin(page) }
    }

    func accept(_ page: Int, _ answer: AnswerPage, next: PageWalk.Place?) throws(HubSpotError) {
        try state.withLock { walk throws(HubSpotError) in try walk.accept(page, answer, next: next) }
    }
}

extension LuaCall {
    /// Where the first page begins: `opts.after`.
    fileprivate var firstPlace: PageWalk.Place? {
        get throws { try cursor("opts.after", of: option("after")).map { .cursor($0) } }
    }
}
