/// Guesses which of some names a misspelt word stands for.
public enum NearestName {
    /// The candidate that is the fewest edits away: a letter changed, added, dropped, or swapped with its neighbour. Case,
    /// `_` and `-` do not count. Nil where even the nearest differs in more than two fifths of the word's letters.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let letters = letters(of: word)
        let allowed = max(1, letters.count * 2 / 5)
        return candidates.lazy
            .map { (name: $0, edits: edits(from: letters, to: Self.letters(of: $0))) }
            .filter { $0.edits <= allowed }
            .min { ($0.edits, $0.name) < ($1.edits, $1.name) }?.name
    }

    /// `; did you mean 'limit'?`, to stand behind the word; empty where no candidate is near.
    public static func hint(for word: String, among candidates: some Sequence<String>) -> String {
        nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Letters beyond this many do not count, so that a text of any length costs little.
    private static let longest = 80

    private static func letters(of word: String) -> [Unicode.Scalar] {
        Array(word.lowercased().unicodeScalars.lazy.filter { $0 != "_" && $0 != "-" }.prefix(longest))
    }

    /// The optimal string alignment distance: Levenshtein's, with a swap of neighbours as one edit.
    private static func edits(from a: [Unicode.Scalar], to b: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                var edits = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { edits = min(edits, beforeLast[j - 1] + 1) }
                row.append(edits)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
