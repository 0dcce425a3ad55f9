import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// An answer on the wire: with the headers that every one has, whole or as a fault has left it.
    init(_ answer: SimulatorResponse, correlationID: String, clock: any SimulatorClock) {
        var fields = HTTPFields()
        if let type = answer.contentType { fields[.contentType] = type }
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        for name in Self.correlationNames { fields[name] = correlationID }
        self.init(
            status: HTTPResponse.Status(code: answer.status), headers: fields, body: Self.body(answer, clock: clock))
    }

    private static let correlationNames = ["X-HubSpot-Correlation-Id", "x-request-id"].compactMap { HTTPField.Name($0) }

    private static func body(_ answer: SimulatorResponse, clock: any SimulatorClock) -> ResponseBody {
        let middle = answer.body.count / 2
        let half = ByteBuffer(bytes: answer.body[..<middle])
        if let pause = answer.pause {
            let rest = ByteBuffer(bytes: answer.body[middle...])
            return ResponseBody(contentLength: answer.body.count) { writer in
                try await writer.write(half)
                try await clock.serving(nil) { try await clock.sleep(for: pause) }
                try await writer.write(rest)
                try await writer.finish(nil)
            }
        }
        if answer.isTruncated {
            // The length promises the whole body, half of it comes, and the connection closes.
            return ResponseBody(contentLength: answer.body.count) { writer in
                try await writer.write(half)
                throw ConnectionClosed()
            }
        }
        return answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
    }
}
