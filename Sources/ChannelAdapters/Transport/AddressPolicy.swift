import Glibc

/// Which resolved addresses a request may connect to.
///
/// A channel's URL is somebody's input, and names can be made to resolve to anything.
/// So the address is judged when the socket is opened, after resolution, and again
/// when a kept connection is about to be used.
package enum AddressPolicy: Hashable, Sendable {
    /// Only what is routed on the public internet.
    case publicOnly
    /// Also loopback and the private ranges, for backends beside the hub.
    case privateToo

    /// Says whether a printed IPv4 or IPv6 address is allowed.
    ///
    /// Link-local addresses, the metadata services of clouds, multicast, unspecified and
    /// reserved ranges are refused under every policy, as is text that is no address.
    package func allows(_ address: String) -> Bool {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 {
            return allows(four: withUnsafeBytes(of: four) { Array($0) })
        }
        var six = in6_addr()
        let bare = String(address.prefix { $0 != "%" })
        if inet_pton(AF_INET6, bare, &six) == 1 {
            return allows(six: withUnsafeBytes(of: six) { Array($0) })
        }
        return false
    }

    func allows(four bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0, _, _, _), (169, 254, _, _), (192, 0, 0, _), (224..., _, _, _), (100, 100, 100, 200): false
        case (127, _, _, _), (10, _, _, _), (172, 16...31, _, _), (192, 168, _, _), (100, 64...127, _, _),
            (198, 18...19, _, _):
            self == .privateToo
        default: true
        }
    }

    func allows(six bytes: [UInt8]) -> Bool {
        // An IPv4 address in an IPv6 coat is judged as what it is.
        if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            return allows(four: Array(bytes[12...]))
        }
        if bytes[..<4].elementsEqual([0x00, 0x64, 0xFF, 0x9B]) { return allows(four: Array(bytes[12...])) }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return allows(four: Array(bytes[2..<6])) }
        if bytes[..<15].allSatisfy({ $0 == 0 }) { return bytes[15] == 1 && self == .privateToo }
        if bytes[..<12].allSatisfy({ $0 == 0 }) { return false }
        // fd00:ec2::254 is a cloud's metadata service inside the private range.
        if bytes[..<4].elementsEqual([0xFD, 0x00, 0x0E, 0xC2]) { return false }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0x80...0xBF), (0xFF, _): return false
        case (0xFC...0xFD, _), (0xFE, 0xC0...0xFF): return self == .privateToo
        default: return true
        }
    }

    /// Judges a socket address as the kernel spells it.
    func allows(_ address: UnsafePointer<sockaddr>) -> Bool {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { inside in
                allows(four: withUnsafeBytes(of: inside.pointee.sin_addr) { Array($0) })
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { inside in
                allows(six: withUnsafeBytes(of: inside.pointee.sin6_addr) { Array($0) })
            }
        default: false
        }
    }
}
