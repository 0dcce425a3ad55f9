/// The Lua halves of the modules: the files of `Lua/`, which the manifest puts into the binary.
enum Prelude {
    static let account = text(PackageResources.account_lua)
    static let json = text(PackageResources.json_lua)

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
