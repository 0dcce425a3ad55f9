/// The window, beside the day's total, that a request falls under.
enum QuotaLane: Sendable {
    /// The burst window of the token.
    case general
    /// The account's search window; exempt from the burst window.
    case search
    /// The token's association window; exempt from the burst window.
    case associations
    /// A form submission with authentication: by token, not in the day's total.
    case secureForm
    /// A form submission without authentication: by the sender's address, not in the day's total.
    case publicForm
    /// Counts nowhere.
    case free

    var isForm: Bool { self == .secureForm || self == .publicForm }
    var countsToDay: Bool { self == .general || self == .search || self == .associations }
}
