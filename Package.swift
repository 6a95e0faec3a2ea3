// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// Libraries, each with its reason in docs/adr/0005-libraries.md.
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "heyi",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "heyi", targets: ["SyncDaemon"]),
        .executable(name: "heyi-simulator", targets: ["SimulatorTool"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "Commerce", swiftSettings: strict),
        .target(name: "ConflictResolution", dependencies: ["Commerce", crypto], swiftSettings: strict),
        .target(
            name: "Store",
            dependencies: ["ConflictResolution", "Commerce", grdb, sqlite, crypto],
            swiftSettings: strict),
        .target(
            name: "ChannelAdapters",
            dependencies: ["Commerce", "CCurl", "CZlib", crypto, cryptoExtras, certificates, asn1],
            swiftSettings: strict),
        .target(
            name: "SyncEngine",
            dependencies: ["Store", "ChannelAdapters", "ConflictResolution", "Commerce", crypto],
            swiftSettings: strict),
        .target(
            name: "Mall",
            dependencies: ["Store", "ChannelAdapters", "ConflictResolution", "Commerce"],
            swiftSettings: strict),
        .target(
            name: "ChannelSimulators",
            dependencies: [
                "ChannelAdapters", "Commerce", "CZlib", crypto, cryptoExtras, certificates, asn1, httpTypes, hummingbird, hummingbirdCore, logging,
                lifecycle, nioCore,
            ],
            swiftSettings: strict),
        .target(
            name: "Simulation",
            dependencies: ["ChannelSimulators", "Mall", "SyncEngine", "Store", "ChannelAdapters", "ConflictResolution", "Commerce"],
            swiftSettings: strict),
        .target(
            name: "Benchmarks",
            dependencies: [
                "Mall", "SyncEngine", "Store", "ChannelAdapters", "ChannelSimulators", "Simulation",
                "ConflictResolution", "Commerce", sqlite, logging,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "SyncDaemon",
            dependencies: [
                "Benchmarks", "Mall", "SyncEngine", "Store", "ChannelAdapters", "ChannelSimulators", "Simulation",
                "ConflictResolution", "Commerce",
                arguments, crypto, cryptoExtras, httpTypes, hummingbird, hummingbirdCore, lifecycle, logging, mustache,
                nioCore, nioHTTPTypes, nioPosix, unixSignals, yams,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "SimulatorTool",
            dependencies: ["ChannelSimulators", "ChannelAdapters", "Commerce", arguments, lifecycle, logging, unixSignals],
            swiftSettings: strict),
        .target(
            name: "TestKit",
            dependencies: ["Simulation", "Store", "ChannelAdapters", "ConflictResolution", "Commerce"],
            path: "Tests/TestKit",
            swiftSettings: strict),
        .testTarget(
            name: "CommerceTests",
            dependencies: ["Commerce", "Simulation", "TestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "ConflictResolutionTests",
            dependencies: ["ConflictResolution", "Commerce", "Simulation", "TestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Store", "ConflictResolution", "Commerce", "Simulation", "TestKit", grdb],
            swiftSettings: strict),
        .executableTarget(
            name: "LeakCheck",
            dependencies: ["ChannelAdapters"],
            path: "Tests/LeakCheck",
            swiftSettings: strict),
        .testTarget(
            name: "ChannelAdaptersTests",
            dependencies: ["ChannelAdapters", "ChannelSimulators", "Commerce", "TestKit", hummingbird, logging],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayTests",
            dependencies: ["ChannelAdapters", "ChannelSimulators", "Commerce", "Simulation", "TestKit", crypto, cryptoExtras],
            exclude: ["Vectors"], swiftSettings: strict),
        .testTarget(
            name: "ChannelSimulatorsTests",
            dependencies: ["ChannelSimulators", "ChannelAdapters", "Commerce", "TestKit", lifecycle, logging],
            swiftSettings: strict),
        .testTarget(
            name: "SyncEngineTests",
            dependencies: ["SyncEngine", "ChannelSimulators", "Store", "ChannelAdapters", "ConflictResolution", "Commerce", "Simulation", "TestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["SyncEngine", "Store", "ChannelAdapters", "ConflictResolution", "Commerce", "Simulation", "TestKit"],
            exclude: ["Plans"], swiftSettings: strict),
        .target(name: "FaultyFiles", path: "Tests/FaultyFiles", linkerSettings: [.linkedLibrary("sqlite3")]),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "Mall", "SyncEngine", "Store", "ChannelAdapters", "ConflictResolution", "Commerce", "Simulation", "FaultyFiles", grdb, crypto,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MallTests",
            dependencies: ["Mall", "Simulation", "Store", "ConflictResolution", "Commerce", "TestKit"],
            swiftSettings: strict),
        .testTarget(
            name: "SyncDaemonTests",
            dependencies: [
                "SyncDaemon", "Mall", "SyncEngine", "Store", "ChannelAdapters", "ConflictResolution", "Commerce",
                "Simulation", "TestKit", arguments, crypto, grdb, httpTypes, hummingbird, hummingbirdCore, hummingbirdTesting, lifecycle, logging, nioCore,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "SyncDaemon", "Mall", "SyncEngine", "Store", "ChannelSimulators", "ChannelAdapters", "ConflictResolution", "Commerce",
                "Simulation", "TestKit",
            ],
            // Read by path, so that an input saved there is tried without a build of its own.
            exclude: ["Corpus", "Coverage", "Keys"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["SyncDaemon", "ChannelSimulators", "ChannelAdapters", "Commerce", "TestKit", lifecycle, logging],
            swiftSettings: strict),
        .testTarget(
            name: "TidyTests",
            swiftSettings: strict),
    ]
)
