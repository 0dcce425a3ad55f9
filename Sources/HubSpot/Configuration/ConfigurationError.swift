/// A setting that cannot be used. The message says why, and how it is written.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, and how it is written.
    public let message: String
    /// With a message for people.
    public init(_ message: String) { self.message = message }
    public var description: String { message }
}
