import Bindings
import HubSpot
import LuaRuntime
import Words

extension ConsoleCommand {
    static let ofExchanges = [http, curl]

    private static let http = ConsoleCommand(
        name: "http", summary: "the last request and its answer: address, headers, bodies, time",
        details: "Secrets are masked. :curl gives the request as a line for a shell."
    ) { call in
        let exchange = try call.context.lastExchange()
        let encode = call.context.console.runtime
        let text = await ExchangeText(style: call.context.style).text(exchange) { bytes in
            try? await encode.json(.document(JSONDocument(bytes[...])), pretty: true)
        }
        await call.context.show(text)
        return .done
    }

    private static let curl = ConsoleCommand(
        name: "curl", summary: "the last request as a curl line, which reads the secret from HUBSPOT_ACCESS_TOKEN"
    ) { call in
        call.context.tell(CurlLine.text(try call.context.lastExchange().request))
        return .done
    }
}

extension ReplContext {
    fileprivate func lastExchange() throws -> Exchange {
        guard let exchange = source.openSession?.lastExchange else {
            throw CommandProblem("nothing was sent to HubSpot yet")
        }
        return exchange
    }
}

/// A request and its answer as people read them.
struct ExchangeText: Sendable {
    var style: Style
    /// Of a body, in characters: more is counted.
    private static let longestBody = 100_000

    /// - Parameter pretty: A body as indented JSON; nil where it is none.
    func text(_ exchange: Exchange, pretty: (_ body: [UInt8]) async -> [UInt8]?) async -> String {
        let request = exchange.request
        var lines = [style.bold("\(request.method) \(Escaping.visible(request.address))")]
        lines += headers(request.headers)
        if let body = request.body, !body.isEmpty { lines += ["", await shown(body, pretty)] }
        lines.append("")
        let moment = LocalTime.text(Int64(exchange.sent.inSeconds), "%H:%M:%S")
        let time = "in \(String.fixed(exchange.taken.inSeconds * 1000, digits: 0)) ms · sent at \(moment)"
        if let answer = exchange.answer {
            let status = "\(answer.status)"
            let isFine = (200..<300).contains(answer.status)
            lines.append((isFine ? style.green(status) : style.red(status)) + " " + style.dim(time))
            lines += headers(answer.headers)
            if !answer.body.isEmpty { lines += ["", await shown(answer.body, pretty)] }
        } else {
            lines.append(style.red("no answer: " + Escaping.visible(exchange.failure ?? "")) + " " + style.dim(time))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func headers(_ headers: [ShownRequest.Header]) -> [String] {
        headers.map { style.cyan(Escaping.visible($0.name) + ":") + " " + Escaping.visible($0.value) }
    }

    private func shown(_ body: [UInt8], _ pretty: ([UInt8]) async -> [UInt8]?) async -> String {
        let text = String(decoding: await pretty(body) ?? body, as: UTF8.self)
        let kept = text.prefix(Self.longestBody)
        let visible = kept.split(separator: "\n", omittingEmptySubsequences: false).map { Escaping.visible(String($0)) }
            .joined(separator: "\n")
        guard kept.endIndex < text.endIndex else { return visible }
        return visible + "\n" + style.dim("… \(Counts.grouped(text.count - Self.longestBody)) more characters")
    }
}

/// A request as a line for a shell.
enum CurlLine {
    static let variable = "HUBSPOT_ACCESS_TOKEN"

    static func text(_ request: ShownRequest) -> String {
        var parts = ["curl"]
        if request.method != "GET" { parts.append("-X \(request.method)") }
        parts.append(address(of: request))
        for header in request.headers {
            switch header.name.lowercased() {
            case "user-agent", "accept": continue
            case "accept-encoding": parts.append("--compressed")
            case request.placement?.header?.name.lowercased():
                let prefix = request.placement?.header?.prefix ?? ""
                parts.append("-H \"\(escaped("\(header.name): \(prefix)"))$\(variable)\"")
            default: parts.append("-H \(quoted("\(header.name): \(header.value)"))")
            }
        }
        if let body = request.body, !body.isEmpty {
            if let text = String(validating: body, as: UTF8.self) {
                parts.append("--data-raw \(quoted(text))")
            } else {
                parts.append("--data-binary @BODY  # a body of \(body.count) bytes that is no text")
            }
        }
        return parts.joined(separator: " \\\n  ")
    }

    private static func address(of request: ShownRequest) -> String {
        guard let key = request.placement?.queryKey,
            // The session has put it at the end.
            let start = request.address.ranges(of: "\(key)=").last
        else { return quoted(request.address) }
        return "\(quoted(String(request.address[..<start.lowerBound])))\"\(escaped(key))=$\(variable)\""
    }

    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F }) else {
            return "'" + text.replacing("'", with: #"'\''"#) + "'"
        }
        // A terminal keeps no carriage returns: $'…', as bash, zsh and ksh have it.
        var result = "$'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 8)
                result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }

    /// For between double quotes.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\\"$`".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
