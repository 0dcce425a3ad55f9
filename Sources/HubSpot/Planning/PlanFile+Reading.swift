import JSON
import Words

/// What is wrong with a plan's file.
package struct PlanFileProblem: Error, Sendable, Equatable {
    /// From 1.
    package var line: Int
    package var message: String
}

extension PlanFile {
    /// Reads a file, also an edited one. What it holds is checked as far as that goes without asking HubSpot.
    /// - Returns: The plan, or all that is wrong with it.
    package static func read(_ bytes: [UInt8]) -> Result<PlanFile, PlanFileProblems> {
        let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
        let header: Header
        do throws(PlanFileProblem) { header = try Header(bytes[..<end]) } catch { return .failure(.init([error])) }
        var reader = Reader()
        let rest = bytes[min(end + 1, bytes.count)...]
        for (offset, line) in rest.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            do throws(PlanFileProblem) { try reader.read(line, offset + 2) } catch { reader.problems.append(error) }
        }
        guard reader.problems.isEmpty else { return .failure(.init(reader.problems)) }
        return .success(
            PlanFile(header, reader.writes, reader.places, isEdited: digest(rest) != header.sha256.lowercased()))
    }

    package struct PlanFileProblems: Error, Sendable, Equatable {
        package var list: [PlanFileProblem]
        init(_ list: [PlanFileProblem]) { self.list = list }
    }

    private struct Reader {
        var writes: [PlannedWrite] = []
        var places: [Int] = []
        var problems: [PlanFileProblem] = []
        /// Whether a line creates something, by its number.
        private var creates: [Int64: Bool] = [:]

        mutating func read(_ bytes: ArraySlice<UInt8>, _ line: Int) throws(PlanFileProblem) {
            func wrong(_ message: String) -> PlanFileProblem { PlanFileProblem(line: line, message: message) }
            let json = try PlanFile.object(bytes, line, names: PlannedWrite.names)
            guard let n = json.field("n")?.integer, n > 0 else { throw wrong("n: a number from 1 on expected") }
            guard creates[n] == nil else { throw wrong("n: there is a line \(n) already") }
            creates[n] = false
            guard let method = json.field("method")?.string, ["POST", "PUT", "PATCH", "DELETE"].contains(method) else {
                throw wrong("method: POST, PUT, PATCH or DELETE expected")
            }
            guard let path = json.field("path")?.string else { throw wrong("path: a text expected") }
            let write = PlannedWrite(
                n: n, method: method, path: path, type: try text("type", of: json, line),
                id: try text("id", of: json, line), before: try document("before", of: json, line),
                body: try document("body", of: json, line), depends: try depends(of: json, line))
            try check(write, line)
            let isCreate = method == "POST" && !path.hasPrefix("/submissions/")
            creates[n] = isCreate
            writes.append(write)
            places.append(line)
        }

        private func text(_ name: String, of json: JSONSlice, _ line: Int) throws(PlanFileProblem) -> String? {
            guard let value = json.field(name), !value.isNull else { return nil }
            guard let text = value.idText, !text.isEmpty else {
                throw PlanFileProblem(line: line, message: "\(name): a text or null expected")
            }
            return text
        }

        private func document(_ name: String, of json: JSONSlice, _ line: Int) throws(PlanFileProblem) -> JSONSlice? {
            guard let value = json.field(name), !value.isNull else { return nil }
            guard value.isObject || value.elements() != nil else {
                throw PlanFileProblem(line: line, message: "\(name): an object, a list or null expected")
            }
            return value
        }

        private func depends(of json: JSONSlice, _ line: Int) throws(PlanFileProblem) -> [Int64] {
            guard let value = json.field("depends"), !value.isNull else { return [] }
            guard let list = value.elements(), case let numbers = list.compactMap(\.integer),
                numbers.count == list.count
            else { throw PlanFileProblem(line: line, message: "depends: a list of lines' numbers expected") }
            return numbers
        }

        private func check(_ write: PlannedWrite, _ line: Int) throws(PlanFileProblem) {
            func wrong(_ message: String) -> PlanFileProblem { PlanFileProblem(line: line, message: message) }
            let parts: [String]
            do throws(HubSpotError) {
                parts = try RequestRules.segments(of: write.path)
                let request = write.operation(Paths(.september2026)).request(Paths(.september2026))
                guard try RequestRules(request).isWrite else {
                    throw HubSpotError.invalidArgument("\(write.method) \(write.path) writes nothing")
                }
            } catch {
                throw wrong("path: \(error.message)")
            }
            guard !write.path.hasPrefix("//") else { throw wrong("path: it names a host") }
            let named = write.named
            for number in Set(named).union(write.depends).sorted() {
                guard let creates = creates[number], number != write.n else {
                    throw wrong("plan:\(number) names no line before this one")
                }
                guard creates else { throw wrong("plan:\(number) names a line that creates nothing") }
            }
            guard Set(write.depends) == Set(named) else {
                throw wrong(
                    "depends: \(JSONValue.array(named.map { .integer($0) }).text) expected, the lines that path and body name"
                )
            }
            let operation = write.operation(Paths(.september2026))
            if case .merge = operation.verb, let before = write.before, before.elements()?.count != 2 {
                throw wrong("before: a list of two expected, the values of both records")
            }
            guard parts.prefix(2) == ["crm", "objects"], (3...4).contains(parts.count) else { return }
            if let type = write.type, ObjectType.canonical(parts[2]) != ObjectType.canonical(type) {
                throw wrong("type: the path is about \(ObjectType.canonical(parts[2]))")
            }
            guard write.method == "PATCH" || write.method == "DELETE" else {
                if parts.count == 3, write.body?.field("properties")?.isObject != true {
                    throw wrong("body: an object with properties expected")
                }
                return
            }
            if parts.count == 4, let id = write.id, id != parts[3] { throw wrong("id: the path is about \(parts[3])") }
            if write.method == "PATCH", write.body?.field("properties")?.isObject != true {
                throw wrong("body: an object with properties expected")
            }
        }
    }

    /// A line's object.
    fileprivate static func object(
        _ bytes: ArraySlice<UInt8>, _ line: Int, names: [String]
    ) throws(PlanFileProblem) -> JSONSlice {
        let value: JSONValue
        do throws(JSONSyntaxError) { value = try JSONValue.parse(bytes) } catch {
            throw PlanFileProblem(line: line, message: "no JSON: \(error.reason), column \(error.column)")
        }
        guard let members = value.members else { throw PlanFileProblem(line: line, message: "an object expected") }
        var seen: Set<String> = []
        for name in members.map(\.key) {
            guard names.contains(name) else {
                throw PlanFileProblem(
                    line: line,
                    message: "there is no '\(name)' in a plan\(NearestName.hint(for: name, among: Set(names)))")
            }
            guard seen.insert(name).inserted else { throw PlanFileProblem(line: line, message: "\(name): given twice") }
        }
        return JSONSlice(value.bytes)
    }
}

extension PlanFile.Header {
    fileprivate init(_ bytes: ArraySlice<UInt8>) throws(PlanFileProblem) {
        func wrong(_ message: String) -> PlanFileProblem { PlanFileProblem(line: 1, message: message) }
        let json = try PlanFile.object(bytes, 1, names: Self.names)
        guard let version = json.field("plan")?.integer else {
            throw wrong("a plan's header expected, as moonspot plan --out writes it")
        }
        guard version == PlanFile.version else {
            throw wrong("a plan of version \(version), and this moonspot knows version \(PlanFile.version)")
        }
        guard let portal = json.field("portal")?.integer else { throw wrong("portal: a portal's id expected") }
        guard let made = json.field("made")?.string else { throw wrong("made: a time expected") }
        guard let digest = json.field("sha256")?.string else { throw wrong("sha256: a digest expected") }
        self.init(portal: portal, script: json.field("script")?.string, made: made, sha256: digest)
    }
}
