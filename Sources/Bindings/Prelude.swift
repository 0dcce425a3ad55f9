/// The Lua halves of the modules: the files of `Lua/`, which the manifest puts into the binary.
enum Prelude {
    static let account = text(PackageResources.account_lua)
    static let associations = paged(PackageResources.associations_lua)
    static let forms = paged(PackageResources.forms_lua)
    /// Of the global `hubspot`: with the metatables of what all sessions answer.
    static let hubspot = text(PackageResources.shapes_lua) + connectedHubSpot
    /// Of the session of another profile.
    static let connectedHubSpot = text(PackageResources.hubspot_lua)
    static let json = text(PackageResources.json_lua)
    static let lists = paged(PackageResources.lists_lua)
    static let objects = paged(PackageResources.objects_lua)
    static let moonspot = text(PackageResources.moonspot_lua)
    static let owners = paged(PackageResources.owners_lua)
    static let task = text(PackageResources.task_lua)

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A module with pages and iterators: `paging.lua` stands in front of it and declares the functions that it uses.
    private static func paged(_ bytes: [UInt8]) -> String {
        text(PackageResources.paging_lua) + text(bytes) + "return bodies"
    }
}
