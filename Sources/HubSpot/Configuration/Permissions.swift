/// A session's rights: pairs of an area and a right, such as `contacts:read` or `forms:submit`.
public struct Permission: Sendable, Hashable, CustomStringConvertible {
    /// The kinds of right.
    public enum Right: String, Sendable, CaseIterable {
        /// To look, to change, and to send a form.
        case read, write, submit
    }

    /// A type of object (`contacts`, `deals`), or `properties`, `associations`, `owners`, `pipelines`, `lists`,
    /// `schemas`, `forms`, `account`, ...
    public var area: String
    /// What may be done there.
    public var right: Right

    /// The right `right` in an area.
    public init(_ area: String, _ right: Right) {
        self.area = area
        self.right = right
    }

    public var description: String { "\(area):\(right.rawValue)" }
}

/// The permissions that were given.
public struct PermissionList: Sendable, Equatable, CustomStringConvertible {
    /// Nil in `area` or `right` stands for any.
    private struct Entry: Sendable, Hashable {
        var area: String?
        var right: Permission.Right?
    }

    private var entries: [Entry]
    /// Further lists, each of which has to allow what this one does.
    private var bounds: [[Entry]] = []

    /// All rights of the token.
    public static let all = PermissionList(entries: [Entry()])

    private init(entries: [Entry]) { self.entries = entries }

    /// What both lists allow.
    public func narrowed(by other: PermissionList) -> PermissionList {
        if other == .all { return self }
        if self == .all { return other }
        var both = self
        both.bounds += [other.entries] + other.bounds
        return both
    }

    /// Reads `contacts:read,contacts:write,forms:submit`. `contacts` or `contacts:*` means every right there,
    /// `*:read` every area, `all` everything.
    public init(_ list: some StringProtocol) throws(ConfigurationError) {
        entries = []
        for item in list.split(separator: ",", omittingEmptySubsequences: false) {
            let words = item.split(separator: ":", omittingEmptySubsequences: false).map {
                String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            }
            let isName = { (word: String) in
                !word.isEmpty && word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "*") }
            }
            guard words.count <= 2, words[0] == "*" || isName(words[0]) else {
                throw ConfigurationError(
                    "'\(item)' is no permission; write them like contacts:read,forms:submit")
            }
            if words == ["all"] || words == ["*"] {
                entries.append(Entry())
                continue
            }
            var entry = Entry(area: words[0] == "*" ? nil : ObjectType.canonical(words[0]))
            if words.count == 2, words[1] != "*" {
                guard let right = Permission.Right(rawValue: words[1]) else {
                    throw ConfigurationError(
                        "'\(item)' asks for '\(words[1])'; the rights are read, write and submit")
                }
                entry.right = right
            }
            entries.append(entry)
        }
    }

    /// Whether a call that needs the permission may be made.
    public func allows(_ permission: Permission) -> Bool {
        ([entries] + bounds).allSatisfy { entries in
            entries.contains { entry in
                (entry.area == nil || entry.area == permission.area)
                    && (entry.right == nil || entry.right == permission.right)
            }
        }
    }

    /// Whether there is anything that it allows to be changed.
    package var allowsWriting: Bool {
        ([entries] + bounds).allSatisfy { entries in entries.contains { $0.right != .read } }
    }

    public var description: String { ([entries] + bounds).map(Self.text).joined(separator: " within ") }

    private static func text(_ entries: [Entry]) -> String {
        entries.map { entry in
            if entry.area == nil && entry.right == nil { return "all" }
            return "\(entry.area ?? "*"):\(entry.right?.rawValue ?? "*")"
        }.joined(separator: ",")
    }
}
