// swift-tools-version: 6.2
import PackageDescription

// A package of a stranger's: it knows the library as a product alone. Its examples are built with moonspot's own tests, which
// run them; `swift run --package-path Tests/ExamplePackage` builds it by itself, with all that the library stands on.
let package = Package(
    name: "ExamplePackage",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "moonspot", path: "../..")],
    targets: [
        .target(name: "HubSpotExamples", dependencies: [.product(name: "HubSpot", package: "moonspot")]),
        .executableTarget(
            name: "hubspot-example",
            dependencies: ["HubSpotExamples", .product(name: "HubSpot", package: "moonspot")]),
    ]
)
