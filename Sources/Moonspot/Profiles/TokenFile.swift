import Glibc
import HubSpot

/// A file that holds a token and that no other user may read.
enum TokenFile {
    private static let maximumBytes = 4096

    /// Owner and mode are those of the very file that is read.
    /// - Parameter key: What names the file in the profile.
    static func read(
        _ path: String, key: String, _ refuse: (String) -> HubSpotError
    ) throws(HubSpotError) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw refuse("\(key) \(path): \(String(cString: strerror(errno)).lowercased())") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refuse("\(key) \(path) is no ordinary file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw refuse(
                "\(key) \(path) can be read by others (mode 0\(String(status.st_mode & 0o777, radix: 8))); run: chmod 600 \(path)"
            )
        }
        guard status.st_uid == geteuid() else { throw refuse("\(key) \(path) belongs to another user") }
        guard status.st_size <= maximumBytes else { throw refuse("\(key) \(path) is too large to be a token") }
        var bytes = [UInt8](repeating: 0, count: maximumBytes)
        var count = 0
        while count < bytes.count {
            let part = bytes.withUnsafeMutableBytes { buffer in
                // Never empty: `count` is below its size.
                systemRead(file, buffer.baseAddress! + count, buffer.count - count)
            }
            if part < 0, errno == EINTR { continue }
            guard part >= 0 else {
                throw refuse("\(key) \(path): \(String(cString: strerror(errno)).lowercased())")
            }
            if part == 0 { break }
            count += part
        }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw refuse("\(key) \(path) is no text")
        }
        return text
    }

    /// `read` of the C library, whose name ours hides.
    private static func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        Glibc.read(file, buffer, count)
    }
}
