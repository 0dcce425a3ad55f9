/// The desktop's browser.
enum Browser {
    /// Shows a page where there is a desktop; without one, or without the tool, nothing happens. The browser is no part of
    /// this program: it is not waited for, and Ctrl-C here does not end it.
    static func open(_ address: String, _ environment: [String: String]) async {
        guard (["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"] as [String]).contains(where: { environment[$0] != nil }) else {
            return
        }
        let line = "setsid xdg-open \"$1\" </dev/null >/dev/null 2>&1 &"
        _ = try? await SecretCommand.talk(to: "sh", ["-c", line, "sh", address])
    }
}
