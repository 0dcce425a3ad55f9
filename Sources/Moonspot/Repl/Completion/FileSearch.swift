import Glibc

/// Files and folders, as Tab offers them.
enum FileSearch {
    /// What a path may become; the candidates are whole paths. Hidden ones show once their dot is written.
    static func entries(_ path: String) -> [Candidate] {
        let (folder, name) = split(path)
        return entries(in: folder.isEmpty ? "." : folder, beginning: name).map { Candidate(folder + $0.text, $0.kind) }
    }

    /// What is in a folder: folders end in a slash.
    static func entries(in folder: String, beginning name: String) -> [Candidate] {
        FileBytes.names(in: folder).filter { name.hasPrefix(".") || !$0.hasPrefix(".") }.map { found in
            var status = stat()
            let isFolder = stat(folder + "/" + found, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            return Candidate(isFolder ? found + "/" : found, isFolder ? .folder : .file)
        }
    }

    /// A path as its folder, with the slash, and the name in it.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[...slash]), String(path[slash...].dropFirst()))
    }
}
