extension WebForm {
    /// The languages in which code for a form is made.
    package enum SnippetKind: String, CaseIterable, Sendable {
        case fetch, html, curl, react, python, lua

        /// What it is, for people.
        package var label: String {
            switch self {
            case .fetch: "JavaScript (fetch)"
            case .html: "HTML page"
            case .curl: "curl"
            case .react: "React component"
            case .python: "Python"
            case .lua: "Lua (moonspot)"
            }
        }

        /// Whether it may submit with a token. A browser may not: its visitors would read the token, and HubSpot does not answer
        /// it there.
        package var allowsToken: Bool { ![.fetch, .html, .react].contains(self) }

        /// The ending of a file that holds it.
        package var fileExtension: String {
            switch self {
            case .fetch: "js"
            case .html: "html"
            case .curl: "sh"
            case .react: "jsx"
            case .python: "py"
            case .lua: "lua"
            }
        }
    }
}
