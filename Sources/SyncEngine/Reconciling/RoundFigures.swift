package import Commerce
package import Store

/// What one comparison with a channel came to.
package struct RoundFigures: Hashable, Sendable {
    /// How the channel was compared.
    package enum Way: String, Sendable, CaseIterable {
        /// By digests, so that only what differs was read.
        case digests
        /// By its whole listing, page after page.
        case listing
    }

    package var way = Way.listing
    package var isDryRun = false
    /// Listings the channel should show, or as many as it has shown so far.
    package var listings = 0
    /// Of them, those whose state is known now.
    package var compared = 0
    /// Listings that came across whole.
    package var transferred = 0
    package var requests = 0
    /// Of those requests and their answers, heads and bodies; 0 where nothing goes over a wire.
    package var bytes: Int64 = 0
    /// Buckets asked about, and those that differed.
    package var buckets = 0
    package var mismatches = 0
    package var found: [DriftClass: Int] = [:]
    package var remedies: [DriftRemedy: Int] = [:]
    package var vanished = 0
    /// Listings that are gone and wait for a decision, or were deleted by one: the first of them by name.
    package var gone: [String] = []
    package var milliseconds: Int64 = 0
    /// Why nothing of it was believed, where so much had vanished that a person is asked.
    package var disbelieved: String?

    package init() {}

    package var foundCount: Int { found.values.reduce(0, +) }

    package var json: JSON {
        var found = JSONObject()
        for kind in DriftClass.allCases { found[kind.rawValue] = .integer(Int64(self.found[kind] ?? 0)) }
        var remedies = JSONObject()
        for remedy in DriftRemedy.allCases { remedies[remedy.rawValue] = .integer(Int64(self.remedies[remedy] ?? 0)) }
        return [
            "way": .string(way.rawValue), "dry_run": .bool(isDryRun), "listings": .integer(Int64(listings)),
            "compared": .integer(Int64(compared)), "transferred": .integer(Int64(transferred)),
            "requests": .integer(Int64(requests)), "bytes": .integer(bytes), "buckets": .integer(Int64(buckets)),
            "mismatches": .integer(Int64(mismatches)), "found": .object(found), "remedies": .object(remedies),
            "vanished": .integer(Int64(vanished)), "ms": .integer(milliseconds),
            "disbelieved": disbelieved.map { .string($0) } ?? .null, "gone": .array(gone.map { .string($0) }),
        ]
    }

    /// Reads what ``json`` wrote; what is missing is nothing.
    package init(json: JSON) {
        way = json["way"]?.string.flatMap { Way(rawValue: $0) } ?? .listing
        isDryRun = json["dry_run"]?.bool ?? false
        func count(_ name: String) -> Int { Int(clamping: json[name]?.integer ?? 0) }
        listings = count("listings")
        compared = count("compared")
        transferred = count("transferred")
        requests = count("requests")
        buckets = count("buckets")
        mismatches = count("mismatches")
        vanished = count("vanished")
        bytes = json["bytes"]?.integer ?? 0
        gone = (json["gone"]?.array ?? []).compactMap(\.string)
        milliseconds = json["ms"]?.integer ?? 0
        disbelieved = json["disbelieved"]?.string
        for kind in DriftClass.allCases {
            if let number = json["found"]?[kind.rawValue]?.integer, number > 0 { found[kind] = Int(clamping: number) }
        }
        for remedy in DriftRemedy.allCases {
            if let number = json["remedies"]?[remedy.rawValue]?.integer, number > 0 { remedies[remedy] = Int(clamping: number) }
        }
    }
}
