import Commerce

/// Remembers which names a file has used, and on which line, at twelve bytes a name.
///
/// Names are kept as 64-bit fingerprints: among a million of them two differing ones
/// are taken for one with a chance of one in 30 million.
struct SeenKeys: Sendable {
    private var lines: [UInt64: UInt32] = [:]

    /// The line that used the name first, nil when this one does.
    mutating func note(_ alias: Alias, line: Int) -> Int? {
        let key = Fingerprint.of(alias)
        if let earlier = lines[key] { return Int(earlier) }
        lines[key] = UInt32(clamping: line)
        return nil
    }
}

/// FNV-1a, 64 bits: the same in every run, unlike Swift's own hashes.
struct Fingerprint: Sendable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    static func of(_ alias: Alias) -> UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.add(alias.kind.rawValue.utf8)
        fingerprint.add(CollectionOfOne(0xFF))
        fingerprint.add(alias.namespace.utf8)
        fingerprint.add(CollectionOfOne(0xFF))
        fingerprint.add(alias.key.utf8)
        return fingerprint.value
    }
}
