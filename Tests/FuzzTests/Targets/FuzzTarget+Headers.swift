import Commerce

@testable import ChannelAdapters
@testable import SyncDaemon

extension FuzzTarget {
    static let retryAfter = FuzzTarget.text(
        "retry-after", dictionary: ["Feb", "GMT", "23:59:60", "Mon,", " 29 ", " 9999 "]
    ) { text in
        let response = HTTPResponse(status: 503, headers: [("retry-after", text), ("date", "Sun, 06 Nov 1994 08:49:00 GMT")], body: [])
        guard let wait = RetryAfter.wait(of: response) else { return nil }
        // As far as dates go: to the end of the year 9999.
        return (Duration.zero...Duration.seconds(253_402_300_800)).contains(wait) ? nil : "a wait of \(wait)"
    }

    static let traceParent = FuzzTarget.text(
        "traceparent", dictionary: ["-", "00-", "ff-", "01-", "0000000000000000", "4bf92f3577b34da6a3ce929d0e0e4736"]
    ) { text in
        let own = TraceParent(traceID: String(repeating: "a", count: 32), spanID: String(repeating: "b", count: 16), sampled: false)
        let followed = TraceParent.following(text, as: own)
        guard followed.traceID.utf8.count == 32, followed.spanID.utf8.count == 16 else { return "a trace of another length" }
        return TraceParent.following(followed.text, as: own).traceID == followed.traceID ? nil : "our own header is not followed"
    }

    static let addresses = FuzzTarget.text(
        "addresses", dictionary: [":", "[::1]", "0x7f", "127.1", "%eth0", ":0", ":65535", "::ffff:"]
    ) { text in
        // Nothing a stranger writes is public and private at once, or allowed in public only.
        if AddressPolicy.publicOnly.allows(text), !AddressPolicy.privateToo.allows(text) { return "public only: \(text)" }
        return Property.roundTrip(ListenAddress(text), print: \.description) { ListenAddress($0) }
    }

    static let times = FuzzTarget.text(
        "times", dictionary: ["T", "Z", "24:00", "-00-", "0000-", "ms", "h", ".999", "9999-12-31T23:59:59.999Z"]
    ) { text in
        Property.roundTrip(UTC.read(text), print: UTC.text) { UTC.read($0) }
            ?? Property.roundTrip(DurationText.read(text), print: DurationText.write) { DurationText.read($0) }
    }

    static let secretReference = FuzzTarget.text(
        "secret-reference", dictionary: ["credential:", "..", "/", "file:"]
    ) { text in
        let reference = SecretReference(text)
        if case .credential(let name)? = reference, name.utf8.contains(UInt8(ascii: "/")) || name == ".." {
            return "a credential outside of its directory: \(name.debugDescription)"
        }
        return Property.roundTrip(reference, print: \.description) { SecretReference($0) }
    }

    /// The daemon's answers as the commands read them, whole and cut anywhere.
    static let response = FuzzTarget(
        name: "response",
        dictionary: ["\r\n", "\r\n\r\n", "HTTP/1.1 ", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "ffffffffffffffff", "7fffffffffffffff", "0\r\n"]
    ) { bytes in
        let whole = answer(in: bytes, pieces: max(1, bytes.count))
        let cut = answer(in: bytes, pieces: 1 + bytes.count % 3)
        guard whole.said == cut.said else { return "whole it reads \(whole.said), in pieces \(cut.said)" }
        return whole.body == cut.body ? nil : "the pieces make another body"
    }

    private static func answer(in bytes: [UInt8], pieces: Int) -> (said: String, body: [UInt8]) {
        var parser = ResponseParser()
        var body: [UInt8] = []
        do {
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(pieces)
                try parser.consume(piece) { some in body += some }
                rest = rest.dropFirst(pieces)
            }
            try parser.close()
        } catch {
            return ("\(error)", body)
        }
        return ("\(parser.head.status) \(parser.head.headers.sorted { $0.key < $1.key })", body)
    }
}
