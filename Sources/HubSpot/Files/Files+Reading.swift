import Foundation
import NIOPosix

extension Files {
    /// Larger files are refused: they would be held in memory whole.
    package static let maximumBytes = 256 << 20

    /// Whether a path names a file on disk.
    package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// The content of a file on disk.
    /// - Throws: kind `invalidArgument` where there is none, it is no file, or it is too large.
    package static func read(path: String) async throws(HubSpotError) -> [UInt8] {
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
                guard attributes[.type] as? FileAttributeType == .typeRegular else {
                    throw HubSpotError.invalidArgument("'\(path)' is no file")
                }
                guard let size = attributes[.size] as? Int, size <= maximumBytes else {
                    throw HubSpotError.invalidArgument("'\(path)' is larger than \(maximumBytes >> 20) MiB")
                }
                return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            }
        } catch let error as HubSpotError {
            throw error
        } catch {
            let missing = !FileManager.default.fileExists(atPath: path)
            throw .invalidArgument("'\(path)' \(missing ? "does not exist" : "cannot be read")")
        }
    }
}
