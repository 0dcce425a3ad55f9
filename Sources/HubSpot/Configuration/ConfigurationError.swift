/// An option, a variable or a line of the configuration file that cannot be used. The message names it and says what
/// to do.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public let message: String
    public init(_ message: String) { self.message = message }
    public var description: String { message }
}
