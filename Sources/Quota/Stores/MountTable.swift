import Foundation

/// The mounts of the machine: `/proc/self/mounts`.
struct MountTable {
    private let mounts: [(folder: String, type: String)]

    init(_ text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 3 else { return nil }
            let folder = fields[1].replacingOccurrences(of: "\\040", with: " ")
            return (folder, String(fields[2]))
        }
    }

    /// - Parameter path: Without symbolic links.
    func isNetworkDrive(_ path: String) -> Bool {
        func holds(_ folder: String) -> Bool { folder == "/" || path == folder || path.hasPrefix(folder + "/") }
        // Of two mounts on one folder, the later one counts.
        var best: (folder: String, type: String)?
        for mount in mounts where holds(mount.folder) && mount.folder.count >= best?.folder.count ?? 0 { best = mount }
        guard let type = best?.type else { return false }
        return ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"]
            .contains(type)
    }
}
