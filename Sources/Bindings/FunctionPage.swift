import Words

/// The help on one function, whoever wrote it: what it is called with, what it does, its arguments with their options, its
/// results, its errors, what it calls, and an example.
public struct FunctionPage: Sendable {
    /// `hubspot.contacts.get(id_or_email [, opts])`
    public var signature: String
    /// Paragraphs.
    public var prose: [String]
    /// Arguments, options below theirs with spaces before their names.
    public var arguments: [(name: String, text: String)]
    /// `hubspot.Record: The contact.`
    public var returns: [String]
    /// `not_found, conflict`
    public var raises: String
    /// The endpoint; nil for none.
    public var endpoint: String?
    /// Lines of Lua.
    public var example: [String]

    public init(
        signature: String, prose: [String], arguments: [(name: String, text: String)], returns: [String],
        raises: String, endpoint: String? = nil, example: [String]
    ) {
        (self.signature, self.prose, self.arguments) = (signature, prose, arguments)
        (self.returns, self.raises, self.endpoint, self.example) = (returns, raises, endpoint, example)
    }

    public func text(width: Int) -> String {
        var lines = Wrapping.lines(signature, columns: width)
        lines += prose.flatMap { Wrapping.lines($0, columns: width) }
        if !arguments.isEmpty { lines += [""] + DefinitionList.lines(arguments, columns: width) }
        for result in returns { lines += [""] + Wrapping.lines("returns \(result)", columns: width) }
        if returns.isEmpty, !arguments.isEmpty { lines.append("") }
        lines += Wrapping.lines("raises \(raises)", columns: width)
        lines += Wrapping.lines(
            endpoint.map { "calls \($0)" } ?? "calls no endpoint of HubSpot's by itself", columns: width)
        if !example.isEmpty { lines += [""] + example.map { "  " + $0 } }
        return lines.joined(separator: "\n")
    }
}
