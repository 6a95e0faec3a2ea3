/// Where a channel is and how it may be spoken to.
package struct ChannelEndpoint: Hashable, Sendable {
    /// The base, with or without a slash at its end; the protocol's paths follow it.
    package let url: String
    /// The first signs or is sent, all verify; at least one.
    package let secrets: [Secret]
    /// From start to last byte of each answer.
    package let timeout: Duration
    package let responseBytesMax: Int
    package let addresses: AddressPolicy
    /// How far a pull by `updated_at` looks back each time, for edits that a channel
    /// stamps early and shows late. Only the plain protocol uses it.
    package let overlap: Duration

    package init(
        url: String, secrets: [Secret], timeout: Duration = .seconds(30), responseBytesMax: Int = 16 << 20,
        addresses: AddressPolicy = .publicOnly, overlap: Duration = .seconds(300)
    ) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.secrets = secrets
        self.timeout = timeout
        self.responseBytesMax = responseBytesMax
        self.addresses = addresses
        self.overlap = overlap
    }

    /// The path of the base, which every request target begins with: `/sync` or nothing.
    var basePath: String {
        // Past `http:` and both its slashes.
        let authority = url.drop { $0 != "/" }.dropFirst(2)
        return String(authority.drop { $0 != "/" })
    }

    func request(_ method: HTTPRequest.Method, _ path: String, body: [UInt8]? = nil) -> HTTPRequest {
        HTTPRequest(
            method: method, url: url + path, body: body, timeout: timeout, responseBytesMax: responseBytesMax,
            addresses: addresses)
    }

    /// A query or path value with everything escaped that could mean something else.
    static func escaped(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"),
                UInt8(ascii: "."):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                output += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return output
    }
}
