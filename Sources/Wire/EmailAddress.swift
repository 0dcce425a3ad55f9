/// An email address as people type it, and as mail takes it.
package enum EmailAddress {
    /// Without white space at its ends, visible or not: a spreadsheet leaves it there. Every address goes through here,
    /// whether it names a record, is written to one, or is typed into a form.
    package static func trimmed(_ text: String) -> String { text.withoutBlankEnds }

    /// One `@`, no spaces or control characters, and a dotted domain of letters, digits and hyphens.
    package static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, isLocalPart(parts[0]) else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && (labels.last?.count ?? 0) >= 2 && labels.allSatisfy(isLabel)
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && !text.hasPrefix(".") && !text.hasSuffix(".") && !text.contains("..")
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7F && !scalar.properties.isWhitespace
                    && !"()<>,;:\\\"[]".unicodeScalars.contains(scalar)
            }
    }

    private static func isLabel(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 63 && !text.hasPrefix("-") && !text.hasSuffix("-")
            && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
    }
}

extension String {
    /// Without white space at either end, visible or not.
    package var withoutBlankEnds: String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            // The zero-width space, the word joiner and the byte-order mark are no white space to Unicode.
            scalar.properties.isWhitespace || [0x200B, 0x2060, 0xFEFF].contains(scalar.value)
        }
        guard let first = unicodeScalars.firstIndex(where: { !isBlank($0) }),
            let last = unicodeScalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(unicodeScalars[first...last])
    }
}
