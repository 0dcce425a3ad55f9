// swift-tools-version: 6.2
import PackageDescription

// Every target of ours is built in this one way. Warnings are errors by the manifest's own settings, so the
// package still builds as somebody's dependency.
let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let c: [CSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]
let simdjson: [LinkerSetting] = [.linkedLibrary("simdjson")]
// Lua stands in the program itself, as in Debian's lua5.4. An archive's symbols stay hidden beside a static Swift runtime, whose
// linker options say so: scripts/lib/common.sh makes one object file of the archive for that build, and names it here.
let lua: [LinkerSetting] = [
    .linkedLibrary(Context.environment["MOONSPOT_LUA_LIBRARY"] ?? ":liblua5.4.a"), .linkedLibrary("m"),
]
// C modules such as lpeg find Lua's functions in the program, and those alone. (lld, since it keeps to the list beside
// --gc-sections, links in a third of the time, and comes with Swift.)
let program: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "--export-dynamic", "-Xlinker", "--undefined=luaL_openlibs",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/CLua/exported.map",
        ]
            // Before the archives of a static Foundation, so that theirs of the same name stay out: scripts/lib/icu_data.py.
            + (Context.environment["MOONSPOT_ICU_DATA"].map { [$0] } ?? [])
            // Functions that are called one after the other lie together: scripts/lib/function_order.py.
            + (Context.environment["MOONSPOT_FUNCTION_ORDER"].map {
                ["-Xlinker", "--symbol-ordering-file=\($0)", "-Xlinker", "--no-warn-symbol-ordering"]
            } ?? []))
]
let cxx: [CXXSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let deque = product(name: "DequeModule", package: "swift-collections")
    static let heap = product(name: "HeapModule", package: "swift-collections")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCompression = product(name: "NIOHTTPCompression", package: "swift-nio-extras")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
    static let systemPackage = product(name: "SystemPackage", package: "swift-system")
    static let tomlKit = product(name: "TOMLKit", package: "TOMLKit")
}

let package = Package(
    name: "moonspot",
    products: [
        .executable(name: "moonspot", targets: ["Moonspot"]),
        .library(name: "HubSpot", targets: ["HubSpot"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // The system's libraries: a module map each, no code.
        .systemLibrary(name: "CLua", providers: [.apt(["liblua5.4-dev"])]),
        .systemLibrary(name: "CLibEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        // simdjson's pkg-config file asks for a define that SwiftPM refuses with a warning: it is linked by name instead.
        .systemLibrary(name: "CSimdjson", providers: [.apt(["libsimdjson-dev"])]),
        // Likewise.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CDigest", providers: [.apt(["libmd-dev"])]),

        // C and C++ of ours.
        .target(name: "CWords", cSettings: c),
        .target(name: "CEdit", dependencies: ["CLibEdit", "CWords"], cSettings: c),
        .target(name: "CJSON", dependencies: ["CSimdjson"], cSettings: c, cxxSettings: cxx, linkerSettings: simdjson),
        .target(
            name: "CLuaBridge", dependencies: ["CLua", "CJSON"], cSettings: c, cxxSettings: cxx, linkerSettings: lua),

        // Leaves: each knows nothing of the others, nor of what stands on it.
        .target(name: "Waiting", swiftSettings: swift),
        .target(name: "Digests", dependencies: ["CDigest"], swiftSettings: swift),
        .target(name: "JSON", dependencies: ["CJSON"], swiftSettings: swift),
        .target(name: "Wire", swiftSettings: swift),
        .target(name: "Words", dependencies: ["CWords"], swiftSettings: swift),

        // A form as a web site's visitor meets it: rules, requests, code. Knows neither the client nor the simulator.
        .target(
            name: "WebForms", dependencies: ["JSON", "Wire", "Words"], resources: [.embedInCode("Snippets")],
            swiftSettings: swift),
        .target(
            name: "LuaRuntime", dependencies: ["CLuaBridge", "Waiting", "Words", .deque, .heap], exclude: ["README.md"],
            swiftSettings: swift),
        .target(
            name: "Quota", dependencies: ["CHiredis", "Digests", "Waiting", "Words", .grdb, .logging],
            swiftSettings: swift),
        .target(name: "Journal", dependencies: ["JSON", "Waiting", "Wire", .grdb], swiftSettings: swift),
        .target(
            name: "HubSpot",
            dependencies: [
                "Digests", "JSON", "Quota", "Waiting", "WebForms", "Wire", "Words", .asyncHTTPClient, .httpTypes,
                .logging,
                .nioCompression,
                .nioCore, .nioHTTP1, .nioPosix, .nioSSL,
            ],
            swiftSettings: swift),
        .target(
            name: "Bindings",
            dependencies: ["LuaRuntime", "HubSpot", "JSON", "Quota", "Waiting", "WebForms", "Wire", "Words", .logging],
            // The Lua halves of the modules.
            resources: [.embedInCode("Lua")],
            swiftSettings: swift),
        // What draws forms in a browser; `moonspot forms serve` and the simulator give it a portal.
        .target(
            name: "Workbench",
            dependencies: ["JSON", "WebForms", "Wire", .hummingbird, .httpTypes, .logging, .nioCore],
            resources: [.embedInCode("Pages")], swiftSettings: swift),
        .target(name: "VirtualTime", dependencies: ["Waiting", .heap], swiftSettings: swift),
        .target(
            name: "Simulator",
            dependencies: [
                "Digests", "JSON", "Waiting", "WebForms", "Wire", "Workbench", .grdb, .hummingbird, .httpTypes,
                .logging,
                .nioCore, .nioPosix,
            ],
            exclude: ["FIDELITY.md"], resources: [.embedInCode("Pages"), .embedInCode("Schema")],
            swiftSettings: swift),
        .executableTarget(
            name: "Moonspot",
            dependencies: [
                "Bindings", "LuaRuntime", "HubSpot", "Journal", "Quota", "Simulator", "VirtualTime", "CEdit", "JSON",
                "Digests", "Waiting", "WebForms", "Wire", "Words", "Workbench", .argumentParser, .grdb, .logging,
                .nioCore,
                .nioHTTP1,
                .nioPosix, .subprocess, .systemPackage, .tomlKit,
            ],
            exclude: ["stdlib/meta"],
            // The Lua modules that scripts may require, in the binary: Sources/Moonspot/stdlib leads to them.
            resources: [.embedInCode("stdlib")],
            swiftSettings: swift, linkerSettings: program),

        // What tests share: clocks and dice.
        .target(name: "TestSupport", dependencies: ["Quota"], path: "Tests/TestSupport", swiftSettings: swift),
        .testTarget(name: "ArchitectureTests", swiftSettings: swift),
        .testTarget(name: "WaitingTests", dependencies: ["Waiting"], swiftSettings: swift),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"], swiftSettings: swift),
        .testTarget(name: "WireTests", dependencies: ["Wire"], swiftSettings: swift),
        .testTarget(name: "WordsTests", dependencies: ["Words"], swiftSettings: swift),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swift),
        .testTarget(name: "WebFormsTests", dependencies: ["WebForms", "JSON", "Wire"], swiftSettings: swift),
        .testTarget(
            name: "LuaRuntimeTests", dependencies: ["LuaRuntime", "CLuaBridge"], exclude: ["Programs"],
            swiftSettings: swift),
        .testTarget(
            name: "QuotaTests", dependencies: ["Quota", "TestSupport", .grdb, .logging], swiftSettings: swift),
        // scripts/bench journal.
        .executableTarget(
            name: "JournalBench", dependencies: ["Journal"], path: "Tests/JournalBench", swiftSettings: swift),
        .testTarget(name: "JournalTests", dependencies: ["Journal", .grdb], swiftSettings: swift),
        .testTarget(
            name: "HubSpotTests",
            dependencies: [
                "HubSpot", "JSON", "Quota", "TestSupport", .logging, .nioCore, .nioPosix, .nioHTTP1, .nioSSL,
            ],
            swiftSettings: swift),
        // The examples of the library's article, which Tests/ExamplePackage builds too. They and their tests see what a
        // stranger sees: nothing that the package keeps to itself.
        .target(
            name: "HubSpotExamples", dependencies: ["HubSpot"], path: "Tests/ExamplePackage/Sources/HubSpotExamples",
            packageAccess: false, swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
        .testTarget(
            name: "HubSpotLibraryTests", dependencies: ["HubSpot", "HubSpotExamples", "Simulator"],
            packageAccess: false,
            swiftSettings: swift),
        .testTarget(name: "WorkbenchTests", dependencies: ["Workbench", "JSON"], swiftSettings: swift),
        .testTarget(name: "VirtualTimeTests", dependencies: ["VirtualTime"], swiftSettings: swift),
        .testTarget(
            name: "BindingsTests", dependencies: ["Bindings", "JSON", "Quota", "Simulator", .logging],
            swiftSettings: swift),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Simulator", "JSON", "Wire", .asyncHTTPClient, .nioCore, .nioHTTP1],
            swiftSettings: swift),
        .testTarget(
            name: "MoonspotTests",
            dependencies: ["Moonspot", "LuaRuntime", "HubSpot", "Quota", "TestSupport", "Words", .argumentParser],
            swiftSettings: swift),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Moonspot", "TestSupport", .grdb],
            exclude: ["Programs", "Screens", "Servers"],
            swiftSettings: swift),
    ],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)

// MOONSPOT_ONLY=LuaRuntime builds the named targets, what they stand on and their tests, and resolves no package
// that they do not use: `scripts/test --sanitize` gets by without the HTTP stack.
if let only = Context.environment["MOONSPOT_ONLY"], !only.isEmpty {
    let ours = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var kept: Set<String> = []
    var packages: Set<String> = []
    func keep(_ name: String) {
        guard let target = ours[name], kept.insert(name).inserted else { return }
        for dependency in target.dependencies {
            switch dependency {
            case .byNameItem(let name, _), .targetItem(let name, _): keep(name)
            case .productItem(_, let package?, _, _): packages.insert(package)
            default: break
            }
        }
    }
    for name in only.split(separator: ",") {
        keep(String(name))
        keep("\(name)Tests")
    }
    package.targets.removeAll { !kept.contains($0.name) }
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
        return !packages.contains { location.hasSuffix("/\($0)") }
    }
    package.products.removeAll { _ in true }
}
