import AsyncHTTPClient
import Glibc
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

/// Why no answer came, in our words.
struct TransportFailure {
    private let cause: any Error
    private let url: BaseURL
    private let timeout: Duration
    private let wasSent: Bool
    private let wording: @Sendable (HubSpotError.Remedy) -> String

    init(
        _ cause: any Error, url: BaseURL, timeout: Duration, wasSent: Bool,
        wording: @escaping @Sendable (HubSpotError.Remedy) -> String
    ) {
        self.cause = cause
        self.url = url
        self.timeout = timeout
        self.wasSent = wasSent
        self.wording = wording
    }

    func error(_ request: APIRequest) -> HubSpotError {
        var error = mapped
        error.request = request.summary
        return error
    }

    private var mapped: HubSpotError {
        switch cause {
        case is DeadlinePassed:
            let seconds = timeout / .seconds(1)
            let text = Int(exactly: seconds).map(String.init) ?? "\(seconds)"
            return HubSpotError(
                .timeout, "\(url) gave no whole answer within \(text) s", .allowMoreTime, wording, fateIsUnknown: true)
        case is BodyTooLarge: return tooLarge
        case let cause as HTTPClientError: return client(cause)
        case let cause as NIOConnectionError: return connecting(cause)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: return tls
        case let cause as HTTPParserError where cause != .invalidEOFState:
            return HubSpotError(
                .badResponse, "\(url) answered with something that is not HTTP; check the base URL and the proxy",
                fateIsUnknown: wasSent)
        case is HTTPParserError: return lost("the answer broke off")
        case let cause as IOError:
            if !wasSent, isRefusal(cause) { return refused(String(cString: strerror(cause.errnoCode))) }
            return lost(String(cString: strerror(cause.errnoCode)))
        case is ChannelError: return lost("it was closed")
        case is CancellationError: return .cancelled
        case let cause as NIOHTTPDecompression.DecompressionError:
            if case .limit = cause { return tooLarge }
            return garbled
        case is NIOHTTPDecompression.ExtraDecompressionError: return garbled
        default: return lost(String(describing: cause))
        }
    }

    private func client(_ cause: HTTPClientError) -> HubSpotError {
        switch cause {
        case .cancelled: return .cancelled
        case .alreadyShutdown: return HubSpotError(.cancelled, "the session is closed")
        case .connectTimeout, .tlsHandshakeTimeout, .httpProxyHandshakeTimeout, .getConnectionFromPoolTimeout:
            return HubSpotError(
                .timeout, "no connection to \(url) came about in time; check the network and the base URL")
        case .remoteConnectionClosed: return lost("the server closed it")
        case .uncleanShutdown: return lost("closed without close_notify")
        case .proxyAuthenticationRequired:
            return hopeless(
                "the proxy wants a user and a password; put them into HTTPS_PROXY (http://user:password@host:port)")
        case .invalidProxyResponse:
            return hopeless(
                "the proxy of HTTPS_PROXY refused to connect to \(url); check the proxy, or name the host in NO_PROXY")
        default: return lost(cause.description)
        }
    }

    private func connecting(_ cause: NIOConnectionError) -> HubSpotError {
        if let refusal = cause.connectionErrors.first?.error {
            if let refusal = refusal as? IOError { return refused(String(cString: strerror(refusal.errnoCode))) }
            if refusal is ChannelError { return refused("no answer in time") }
            return refused(String(describing: refusal))
        }
        return HubSpotError(
            .network, "the host name \(cause.host) was not found; check the network connection and the base URL")
    }

    private func isRefusal(_ cause: IOError) -> Bool {
        [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN].contains(cause.errnoCode)
    }

    private func refused(_ reason: String) -> HubSpotError {
        HubSpotError(.network, "no connection to \(url): \(reason.lowercased()); check the network and the base URL")
    }

    private func lost(_ reason: String) -> HubSpotError {
        HubSpotError(.network, "the connection to \(url) was lost: \(reason)", fateIsUnknown: wasSent)
    }

    private func hopeless(_ message: String) -> HubSpotError {
        var error = HubSpotError(.network, message)
        error.isWorthRepeating = false
        return error
    }

    private var tls: HubSpotError {
        let text = String(describing: cause)
        if text.contains("failedToValidateHostname") || text.contains("unableToValidateHostname") {
            return hopeless(
                "the certificate of \(url) is not trusted, since it is another host's, so nothing was sent; check the base URL"
            )
        }
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return hopeless(
                "the certificate of \(url) is not trusted, so nothing was sent; behind a proxy that opens TLS, name its certificates in SSL_CERT_FILE"
            )
        }
        if wasSent { return lost("TLS failed") }
        let isPlain = text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST")
        let reason = isPlain ? "what answers there speaks no TLS" : "the handshake failed"
        var error = HubSpotError(
            .network, "no TLS connection to \(url) came about: \(reason); check the base URL and the proxy")
        error.isWorthRepeating = !isPlain
        return error
    }

    private var garbled: HubSpotError {
        HubSpotError(
            .badResponse, "the answer of \(url) claims to be compressed and is not; check the base URL and the proxy",
            fateIsUnknown: wasSent)
    }

    private var tooLarge: HubSpotError {
        HubSpotError(
            .badResponse,
            "the answer of \(url) is larger than \(Transport.maximumBodyBytes >> 20) MB; ask for less at a time",
            fateIsUnknown: wasSent)
    }
}
