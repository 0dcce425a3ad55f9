/// Rows of cells as lines whose columns stand below one another, two spaces apart.
public struct AlignedColumns: Sendable {
    public enum Alignment: Sendable {
        case left, right
        /// Takes no padding: the last of a line.
        case loose
    }

    /// Spaces between two columns.
    public static let gap = 2

    /// The cells of the widest text in each column.
    public let widths: [Int]
    private let rows: [[String]]

    /// - Parameter rows: All of one length; a row that is shorter ends early.
    public init(_ rows: [[String]]) {
        self.rows = rows
        let count = rows.map(\.count).max() ?? 0
        widths = (0..<count).map { column in
            rows.lazy.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
        }
    }

    /// Cells that a line of these columns takes.
    public func width(of columns: [Int]) -> Int {
        columns.isEmpty ? 0 : columns.reduce(-Self.gap) { $0 + widths[$1] + Self.gap }
    }

    /// One line for each row, without spaces at its end.
    ///
    /// - Parameters:
    ///   - columns: Those that are shown; nil for all.
    ///   - alignment: Of each column by its number; those that it leaves out stand left.
    ///   - room: Cells of a line; a longer one is cut. Nil for no limit.
    public func lines(
        _ columns: [Int]? = nil, alignment: [Int: Alignment] = [:], room: Int? = nil, trimmed: Bool = true
    ) -> [String] {
        let columns = columns ?? Array(widths.indices)
        return rows.map { row in
            let cells = columns.filter { $0 < row.count }.map { column in
                switch alignment[column, default: .left] {
                case .left: DisplayWidth.pad(row[column], to: widths[column])
                case .right: DisplayWidth.padLeft(row[column], to: widths[column])
                case .loose: row[column]
                }
            }
            var line = cells.joined(separator: String(repeating: " ", count: Self.gap))
            while trimmed, line.last == " " { line.removeLast() }
            return room.map { DisplayWidth.cut(line, to: $0) } ?? line
        }
    }
}
