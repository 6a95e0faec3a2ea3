import Glibc

/// One address, or all that begin with the same bits; written `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]
    private let bits: Int
    let description: String

    /// - Returns: nil for what is no address, a length beyond the address, or bits set behind the length.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = AddressRange.bytes(of: String(parts[0])) else { return nil }
        var bits = bytes.count * 8
        if parts.count == 2 {
            guard let length = Int(parts[1]), String(length) == parts[1], (0...bits).contains(length) else { return nil }
            bits = length
        }
        // 10.0.0.1/8 is mostly a slip, and says less than its author thinks.
        guard (bits..<bytes.count * 8).allSatisfy({ !AddressRange.bit($0, of: bytes) }) else { return nil }
        self.bytes = bytes
        self.bits = bits
        description = text
    }

    func contains(_ address: String) -> Bool {
        guard let other = AddressRange.bytes(of: address), other.count == bytes.count else { return false }
        return (0..<bits).allSatisfy { AddressRange.bit($0, of: bytes) == AddressRange.bit($0, of: other) }
    }

    private static func bit(_ index: Int, of bytes: [UInt8]) -> Bool { bytes[index / 8] & (0x80 >> (index % 8)) != 0 }

    /// Four or sixteen bytes; an IPv4 address in an IPv6 coat is taken as what it is.
    private static func bytes(of address: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var six = in6_addr()
        guard inet_pton(AF_INET6, String(address.prefix { $0 != "%" }), &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }
}

extension SettingForm where Value == AddressRange {
    static var addressRange: Self {
        Self(expectation: "an address or a range such as 127.0.0.1, 10.0.0.0/8 or fd00::/8", parse: AddressRange.init)
    }
}
