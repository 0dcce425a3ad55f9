import HTTPTypes
import Logging
import Words
import Quota

/// The way of one call: permit, wire, and again where the retry policy says so.
struct RequestPipeline: Sendable {
    let limiter: Limiter
    let transport: Transport
    let policy: RetryPolicy
    let token: SessionToken
    let hosts: Hosts
    let configuration: SessionConfiguration
    let journal: CallJournal
    let exchanges: ExchangeLog

    /// An answer, and the error that it stands for.
    struct Outcome: Sendable {
        var response: APIResponse
        var error: HubSpotError?

        func get() throws(HubSpotError) -> APIResponse {
            if let error { throw error }
            return response
        }
    }

    /// How old a permit may be when its request is written. An older one, after a laptop's lid or a SIGSTOP, is given
    /// back: its place may be over before the request arrives.
    private static let permitLifetime: Duration = .seconds(2)
    private static let maximumRedirects = 5

    /// - Throws: ``HubSpotError`` where no answer came.
    func perform(_ original: APIRequest, _ rules: RequestRules) async throws(HubSpotError) -> Outcome {
        var request = original
        if !rules.isWrite { WritePlan.current?.countRead(original, rules) }
        let ticket = limiter.ticket(CallPriority.current)
        var attempt = 0
        var redirects = 0
        var mayBeDone = false
        var hasRenewed = false
        // The calls that travel in a batch are noted there.
        let context = CallContext.current
        context?.waits()
        let waits = WaitCollector()
        defer {
            if waits.mayGo, context !== CallContext.ofBatch {
                journal.note(original.summary, for: context, waits.intervals)
            }
        }
        while true {
            attempt += 1
            var failure: HubSpotError
            var answer: APIResponse?
            let host = hosts.url(for: request.host)
            if request.isAuthenticated, let refusal = configuration.credential?.placement.refusal(by: host) {
                throw HubSpotError(
                    .unauthenticated, refusal, .useToken, configuration.wording, request: original.summary)
            }
            // Before the permit: a program that asks for a passphrase must not hold a place meanwhile.
            let issue = request.isAuthenticated ? try await token.issue() : nil
            do throws(HubSpotError) {
                let response = try await attemptOnce(request, rules, ticket, waits, issue?.credential, host)
                if response.isSuccess { return Outcome(response: response) }
                if (300..<400).contains(response.status), redirects < Self.maximumRedirects,
                    let next = redirected(request, by: response, host)
                {
                    request = next
                    redirects += 1
                    attempt -= 1
                    continue
                }
                // An earlier try that got no answer has deleted it.
                if mayBeDone, response.status == 404, request.method == .delete {
                    return Outcome(response: APIResponse(status: 204))
                }
                answer = response
                failure = HubSpotError(
                    response, to: original, granting: configuration.credential?.granting ?? .inSettings,
                    wording: configuration.wording)
            } catch {
                failure = error
            }
            // After a 401 or a 488 nothing was carried out, so that every method may come again.
            if failure.tokenHasExpired, !hasRenewed, let issue {
                hasRenewed = true
                if try await token.renew(after: issue) {
                    configuration.logger.info("HubSpot says that the token has expired; going on with a new one")
                    attempt -= 1
                    continue
                }
                failure.message += "; its source still gives this one"
            }
            if failure.status == 488 {
                if request.host == .api, let region = failure.region, hosts.move(to: region, from: host) {
                    configuration.logger.info(
                        "the account is in HubSpot's data centre \(region); going on at \(hosts.api)")
                    attempt -= 1
                    continue
                }
                let remedy = Hosts.remedy(failure.region, for: request.host)
                failure.message += " (\(host)); \(configuration.wording(remedy))"
                failure.remedy = remedy
            }
            let appends = rules.repetition == .settingState && original.appends
            let delay = policy.delay(
                after: failure, attempt: attempt, repetition: rules.repetition, appends: appends,
                jitter: configuration.jitter())
            guard let delay else {
                let final = failure.withFate(rules, appends: appends, mayBeDone: mayBeDone)
                guard let answer else { throw final }
                return Outcome(response: answer, error: final)
            }
            if failure.fateIsUnknown || failure.isServersFailure { mayBeDone = true }
            configuration.logger.info("\(failure); trying again in \(delay)")
            await limiter.countRetry(waiting: delay)
            let since = configuration.clock.now
            let reason = WaitReason.retry(failure.kind, status: failure.status)
            try await HubSpotError.ofQuota(configuration.wording) { () async throws(QuotaError) in
                try await limiter.sleep(until: since + delay, reason)
            }
            waits.add(reason, from: since, to: configuration.clock.now)
        }
    }

    /// Waits for a permit for a request that is not known yet.
    ///
    /// - Parameter waits: Hears of each wait.
    func reserve(_ lanes: LaneSet, noting waits: WaitCollector) async throws(HubSpotError) -> Reservation {
        _ = try await token.value()
        let ticket = limiter.ticket(CallPriority.current)
        let demand = PermitDemand(
            lanes: lanes, priority: ticket.priority, lifetime: Self.permitLifetime + configuration.timeout)
        do throws(QuotaError) {
            let permit = try await limiter.acquire(demand, ticket: ticket, records: 0, isBatch: false, noting: waits)
            return Reservation(permit, of: limiter)
        } catch {
            var error = HubSpotError(error, configuration.wording)
            error.request = ""  // each caller names its own
            throw error
        }
    }

    private func attemptOnce(
        _ request: APIRequest, _ rules: RequestRules, _ ticket: Limiter.Ticket, _ waits: WaitCollector,
        _ credential: Credential?, _ host: BaseURL
    ) async throws(HubSpotError) -> APIResponse {
        let permit = try await permit(request, rules, ticket, waits)
        waits.letGo()
        let sent = configuration.clock.now
        configuration.logger.trace(
            "\(request.summary): sent under permit \(permit.id), \(request.body?.count ?? 0) bytes")
        do throws(HubSpotError) {
            var response = try await transport.send(request, to: host, credential: credential)
            credential?.blank(&response)
            let taken = configuration.clock.now - sent
            configuration.logger.debug(
                "\(request.summary) answered \(response.status) in \(taken.words), \(response.body.count) bytes")
            journal.noteAnswer(after: taken)
            exchanges.note(
                .init(
                    request: request, outcome: .success(response), sent: configuration.clock.unixTime - taken,
                    taken: taken))
            await limiter.release(permit, .answered(ObservedLimits(response, lanes: rules.lanes)))
            return response
        } catch {
            let taken = configuration.clock.now - sent
            configuration.logger.trace("\(request.summary): no answer in \(taken.words): \(error.kind.rawValue)")
            exchanges.note(
                .init(
                    request: request, outcome: .failure(error), sent: configuration.clock.unixTime - taken, taken: taken
                ))
            let neverSent = !error.fateIsUnknown && [.network, .invalidArgument].contains(error.kind)
            await limiter.release(permit, neverSent ? .unsent : .unanswered)
            throw error
        }
    }

    private func permit(
        _ request: APIRequest, _ rules: RequestRules, _ ticket: Limiter.Ticket, _ waits: WaitCollector
    ) async throws(HubSpotError) -> Permit {
        let demand = PermitDemand(
            lanes: rules.lanes, priority: ticket.priority, lifetime: Self.permitLifetime + configuration.timeout)
        if let permit = Reservation.current?.take(rules.lanes) {
            if configuration.clock.now - permit.grantedAt <= Self.permitLifetime {
                await limiter.count(records: request.records, isBatch: request.isBatch)
                return permit
            }
            await limiter.release(permit, .unsent)
        }
        while true {
            let permit: Permit
            do throws(QuotaError) {
                permit = try await limiter.acquire(
                    demand, ticket: ticket, records: request.records, isBatch: request.isBatch,
                    noting: waits)
            } catch {
                var error = HubSpotError(error, configuration.wording)
                error.request = request.summary
                throw error
            }
            if configuration.clock.now - permit.grantedAt <= Self.permitLifetime { return permit }
            await limiter.release(permit, .unsent)
        }
    }

    /// Where a GET goes on to on the same host; nil where the redirect is not followed.
    private func redirected(_ request: APIRequest, by response: APIResponse, _ host: BaseURL) -> APIRequest? {
        guard [301, 302, 303, 307, 308].contains(response.status), request.method == .get,
            let location = response.header("location")
        else { return nil }
        var target = location[...]
        if let scheme = target.firstRange(of: "://") {
            let end = target[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? target.endIndex
            guard let named = try? BaseURL(target[..<end]), named == host else { return nil }
            target = target[end...]
        }
        guard target.hasPrefix("/"), !target.hasPrefix("//") else { return nil }
        var next = request
        let path = String(target.prefix { $0 != "#" })
        next.path = configuration.credential?.placement.removed(from: path) ?? path
        next.query = []
        guard (try? RequestRules(next)) == (try? RequestRules(request)) else { return nil }
        return next
    }
}
