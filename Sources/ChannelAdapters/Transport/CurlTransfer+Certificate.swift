import CCurl
import Commerce

extension CurlTransfer {
    /// Until when the peer's own certificate is valid; nil without TLS, unasked, or over a kept connection.
    var certificateEnds: Timestamp? {
        var found: UnsafeMutableRawPointer?
        guard heyi_easy_get_pointer(easy, CURLINFO_CERTINFO, &found) == CURLE_OK,
            let chain = found?.assumingMemoryBound(to: curl_certinfo.self).pointee, chain.num_of_certs > 0,
            var entry = chain.certinfo?[0]
        else { return nil }
        // The chain begins with the peer's own; each entry is `Name:text`.
        while true {
            let text = String(cString: entry.pointee.data)
            if text.hasPrefix("Expire date:") { return CertificateDate.parse(String(text.dropFirst("Expire date:".count))) }
            guard let next = entry.pointee.next else { return nil }
            entry = next
        }
    }
}

/// The dates of certificates, as the TLS libraries behind curl spell them.
enum CertificateDate {
    /// Reads `Nov 23 02:39:29 2026 GMT` and `2026-11-23 02:39:29 GMT`.
    static func parse(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ").map(String.init)
        if words.count == 5 { return HTTPDate.parse("-, \(words[1]) \(words[0]) \(words[3]) \(words[2]) GMT") }
        guard words.count >= 2 else { return nil }
        let day = words[0].split(separator: "-").map(String.init)
        guard day.count == 3, let month = Int(day[1]), let name = HTTPDate.monthName(month) else { return nil }
        return HTTPDate.parse("-, \(day[2]) \(name) \(day[0]) \(words[1]) GMT")
    }
}

extension CurlTransport {
    /// The version of the libcurl that is linked, such as `7.88.1`.
    package static var libraryVersion: String {
        // The first word is `libcurl/7.88.1`; the others are its own libraries.
        let words = String(cString: curl_version()).split(separator: " ")
        return words.first?.split(separator: "/").last.map(String.init) ?? "unknown"
    }
}
