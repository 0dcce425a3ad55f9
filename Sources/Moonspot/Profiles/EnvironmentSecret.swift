import Glibc

/// A secret that the process was started with.
enum EnvironmentSecret {
    /// Takes the variable's value and removes every trace of it: its bytes are overwritten where the system keeps them
    /// (`/proc/self/environ` shows that very memory) and the variable is unset, so that neither `getenv` nor a child
    /// process has it.
    ///
    /// Call it first of all, before a second thread exists: the environment is not guarded against concurrent use.
    /// - Returns: Nil where the variable is not set or empty.
    static func take(_ name: String) -> String? {
        var value: String?
        // An environment may name a variable more than once; `getenv` finds the first. Each one found is cleared and
        // hidden by its name's first letter until all are found, since unsetting needs the names.
        var entries: [UnsafeMutablePointer<CChar>] = []
        while let text = getenv(name) {
            if value == nil { value = String(cString: text) }
            // The memory belongs to the C library, so no optimiser takes these writes for dead.
            memset(text, 0, strlen(text))
            let entry = text - (name.utf8.count + 1)
            entry.pointee = 0
            entries.append(entry)
        }
        guard let first = name.utf8.first, !entries.isEmpty else { return nil }
        for entry in entries { entry.pointee = CChar(bitPattern: first) }
        unsetenv(name)
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }
}
