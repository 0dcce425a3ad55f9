extension DoctorFinding {
    /// Whether the desktop's keyring can be asked.
    /// - Parameter isNeeded: The profile keeps its secret there.
    static func keyring(isNeeded: Bool) async -> DoctorFinding {
        let broken: State = isNeeded ? .broken : .note
        let use = isNeeded ? "" : "; it is needed for auth login --keyring alone"
        do throws(KeyringProblem) {
            _ = try await Keyring(profile: "moonspot doctor", folder: "").lookup("probe")
            return DoctorFinding(.fine, "keyring", "the Secret Service answers" + (isNeeded ? "" : use))
        } catch {
            switch error.cause {
            case .noTool:
                return DoctorFinding(
                    broken, "keyring", "secret-tool is not installed\(use)", remedy: "apt install libsecret-tools")
            case .noAnswer(let words):
                return DoctorFinding(
                    broken, "keyring", "secret-tool is there, and no keyring answers (\(words))\(use)",
                    remedy:
                        "start and unlock the desktop's keyring; without a desktop: dbus-run-session, and gnome-keyring-daemon --unlock"
                )
            }
        }
    }
}
