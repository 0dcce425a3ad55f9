import Dispatch
import Glibc
import HubSpot
import NIOCore
import NIOPosix
import Quota
import Wire
import Words

/// The way to HubSpot, step by step: the proxy, names, connections, TLS, and what time it is there.
struct NetworkFindings {
    let session: Session
    let url: BaseURL
    let network: NetworkSettings
    let clock: any SessionClock

    /// Beyond that a signature or a token would be taken for one of another time.
    private static let mostSkew: Duration = .seconds(60)

    /// Up to the first step that cannot be taken.
    func all() async -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        let proxy = network.proxy(for: url)
        if let proxy {
            findings.append(DoctorFinding(.fine, "proxy", "\(proxy) (HTTPS_PROXY)"))
        } else if network.proxy != nil {
            findings.append(DoctorFinding(.fine, "proxy", "not for \(url.host) (NO_PROXY, or this machine)"))
        }
        let (host, port) = proxy.map { ($0.host, $0.port) } ?? (url.host, url.port)
        let place = proxy == nil ? "the base URL" : "HTTPS_PROXY"
        switch await Self.addresses(of: host) {
        case .success(let addresses):
            let more = addresses.count > 1 ? " and \(addresses.count - 1) more" : ""
            findings.append(DoctorFinding(.fine, "DNS", "\(host) is \(addresses.first ?? "")\(more)"))
        case .failure(let problem):
            return findings + [
                DoctorFinding(
                    .broken, "DNS", "\(host) was not found: \(problem)",
                    remedy:
                        "check the network connection and the name in \(place); behind a firewall, name its proxy in HTTPS_PROXY"
                )
            ]
        }
        do {
            let since = clock.now
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5)).connect(host: host, port: port).get()
            try? await channel.close()
            findings.append(
                DoctorFinding(.fine, "TCP", "\(host):\(port) answers within \((clock.now - since).words)"))
        } catch {
            return findings + [
                DoctorFinding(
                    .broken, "TCP", "\(host):\(port) takes no connection: \(Self.words(error))",
                    remedy: proxy == nil
                        ? "check the base URL and the firewall; where the way out is a proxy, name it in HTTPS_PROXY"
                        : "check whether the proxy runs, and HTTPS_PROXY")
            ]
        }
        return findings + (await secured())
    }

    private func secured() async -> [DoctorFinding] {
        let before = clock.unixTime
        do throws(HubSpotError) {
            let answer = try await session.probe()
            return [tls] + skew(answer.header("date"), (before + clock.unixTime) / 2)
        } catch {
            let words = error.message
            let isProxys = words.contains("proxy") && !words.contains("certificate")
            return [DoctorFinding(.broken, isProxys ? "proxy" : url.isSecure ? "TLS" : "HTTP", words)]
        }
    }

    private var tls: DoctorFinding {
        guard url.isSecure else {
            return DoctorFinding(.fine, "TLS", "none, and none is needed: \(url) is this machine")
        }
        let trusted = network.certificateFile.map { "a certificate of \($0) (SSL_CERT_FILE)" }
        return DoctorFinding(.fine, "TLS", "\(url) is trusted, by \(trusted ?? "the system's certificates")")
    }

    /// - Parameter now: This machine's time, since 1970, about when the answer was made.
    private func skew(_ date: String?, _ now: Duration) -> [DoctorFinding] {
        guard let there = date.flatMap(HTTPDate.init) else { return [] }
        // The header has whole seconds.
        let skew = now - there.time
        let amount = skew < .zero ? .zero - skew : skew
        guard amount > Self.mostSkew else {
            return [DoctorFinding(.fine, DoctorFinding.clock, "agrees with \(url.host)'s")]
        }
        let way = skew > .zero ? "ahead of" : "behind"
        return [
            DoctorFinding(
                .broken, DoctorFinding.clock, "this machine's is \(amount.countdown) \(way) \(url.host)'s",
                remedy: "set it (timedatectl set-ntp true): tokens and certificates are good for a time")
        ]
    }

    private static func addresses(of host: String) async -> Result<[String], FileProblem> {
        await withCheckedContinuation { continuation in
            // It blocks, for as long as the resolver takes.
            DispatchQueue.global().async { continuation.resume(returning: resolve(host)) }
        }
    }

    private static func resolve(_ host: String) -> Result<[String], FileProblem> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        guard code == 0 else {
            return .failure(FileProblem(description: String(cString: gai_strerror(code)).lowercased()))
        }
        defer { freeaddrinfo(found) }
        var addresses: [String] = []
        var entry = found
        while let address = entry?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                address.ai_addr, address.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            {
                addresses.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }
            entry = address.ai_next
        }
        return .success(addresses)
    }

    private static func words(_ error: any Error) -> String {
        let cause = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
        switch cause {
        case let cause as IOError: return String(cString: strerror(cause.errnoCode)).lowercased()
        case is ChannelError: return "no answer in time"
        default: return "\(cause)"
        }
    }
}
