import Glibc
import HubSpot

/// What lies on the disk: the Lua modules, config.toml with its profiles and their secrets, the state folder.
struct FileFindings {
    let environment: ProcessEnvironment

    var modules: DoctorFinding {
        guard let folder = environment.library.folder else {
            return DoctorFinding(.fine, "Lua modules", Library.embedded.keys.sorted().joined(separator: ", "))
        }
        guard access(folder, R_OK | X_OK) == 0 else {
            return DoctorFinding(
                .broken, "Lua modules", "MOONSPOT_STDLIB names \(folder), which cannot be read",
                remedy: "unset MOONSPOT_STDLIB to use the built-in ones")
        }
        return DoctorFinding(.note, "Lua modules", "from \(folder) (MOONSPOT_STDLIB)")
    }

    /// The file, its profiles, and their secrets' files.
    func configuration(profile: String?) -> [DoctorFinding] {
        let path = environment.configurationPath
        guard FileBytes.exists(path) else {
            return [DoctorFinding(.note, "configuration", "\(path) does not exist; it is not needed")]
        }
        var findings: [DoctorFinding] = []
        do throws(ConfigurationError) {
            let file = try ConfigurationFile.load(path)
            findings.append(
                DoctorFinding(
                    .fine, "configuration", path + (profile.map { ", profile \($0)" } ?? ", no profile chosen")))
            if let problem = file.missingDefault {
                findings.append(DoctorFinding(profile == nil ? .broken : .note, "default profile", problem.message))
            }
            for name in file.names.sorted() where name != profile {
                do throws(ConfigurationError) { _ = try file.profile(name) } catch {
                    findings.append(
                        DoctorFinding(
                            .note, "profile", "'\(name)' cannot be used: \(error.message)", remedy: "mend it there")
                    )
                }
            }
        } catch {
            findings.append(DoctorFinding(.broken, "configuration", error.message))
        }
        return findings + permissions(path)
    }

    /// Others may write neither the configuration nor its folder: it names programs that moonspot runs. They may not
    /// read what logins keep.
    private func permissions(_ path: String) -> [DoctorFinding] {
        let folder = FileBytes.parent(of: path)
        var findings: [DoctorFinding] = []
        for (name, mode) in [(folder, "go-w"), (path, "go-w")] where Self.mode(name).map({ $0 & 0o022 != 0 }) ?? false {
            findings.append(
                DoctorFinding(
                    .broken, "permissions", "\(name) can be changed by others, and it says which programs are run",
                    remedy: "chmod \(mode) \(name)"))
        }
        let secrets = FileBytes.names(in: folder).filter { name in
            ([".token", ".client", ".oauth"] as [String]).contains { name.hasSuffix($0) }
        }.map { "\(folder)/\($0)" }
        for secret in secrets where Self.mode(secret).map({ $0 & 0o077 != 0 }) ?? false {
            findings.append(
                DoctorFinding(
                    .broken, "permissions", "\(secret) can be read by others, and is refused",
                    remedy: "chmod 600 \(secret), and take the secret in it for known to others"))
        }
        if findings.isEmpty {
            let text =
                secrets.isEmpty ? "nobody else may change it" : "nobody else may change it, or read what logins keep"
            findings.append(DoctorFinding(.fine, "permissions", text))
        }
        return findings
    }

    /// It is made where it does not exist, as the first session would.
    var state: DoctorFinding {
        let path = environment.stateFolder
        do {
            try FileBytes.makeFolder(path)
        } catch {
            return DoctorFinding(
                .broken, "state folder", "\(path) cannot be made: \(error)",
                remedy: "set MOONSPOT_STATE to a folder that can be written")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            return DoctorFinding(
                .broken, "state folder", "\(path) cannot be written",
                remedy: "mend its mode, or set MOONSPOT_STATE to another folder")
        }
        var disk = statvfs()
        if statvfs(path, &disk) == 0, UInt64(disk.f_bavail) * UInt64(disk.f_frsize) < 16 << 20 {
            return DoctorFinding(
                .broken, "state folder", "\(path) is on a disk with less than 16 MB left",
                remedy: "make room, or set MOONSPOT_STATE to a folder elsewhere")
        }
        return DoctorFinding(.fine, "state folder", path)
    }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }
}
