import CCurl
import Commerce

extension CurlTransfer {
    /// Tells curl what the request says, after checking that it can be said safely.
    ///
    /// - Throws: ``TransportError/invalidRequest(reason:)``; nothing was started.
    func configure(
        _ request: HTTPRequest, by configuration: CurlConfiguration, uploadLength: Int64?
    ) throws(TransportError) {
        try check(request)
        setSafety(configuration)
        heyi_easy_set_text(easy, CURLOPT_URL, request.url)
        heyi_easy_set_long(easy, CURLOPT_TIMEOUT_MS, Int(max(1, request.timeout.milliseconds)))
        heyi_easy_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, configuration.connectTimeout.milliseconds)))
        heyi_easy_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, configuration.stallBytesPerSecond)
        heyi_easy_set_long(easy, CURLOPT_LOW_SPEED_TIME, Int(max(1, configuration.stallTimeout.components.seconds)))
        heyi_easy_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.responseBytesMax)))
        // Worth waiting for a shared HTTP/2 connection, which only TLS can bring; without TLS
        // the second request would wait for the answer to the first.
        let isTLS = request.url.lowercased().hasPrefix("https:")
        heyi_easy_set_long(easy, CURLOPT_PIPEWAIT, isTLS ? 1 : 0)
        if request.asksCertificate { heyi_easy_set_long(easy, CURLOPT_CERTINFO, 1) }
        setMethod(request, uploadLength: uploadLength)
        setHeaders(request)
        heyi_easy_set_callbacks(
            easy, Unmanaged.passUnretained(self).toOpaque(), curlBringsBody, curlBringsHeader,
            upload == nil ? nil : curlTakesBody, curlOpensSocket, curlIsConnected)
    }

    private func setSafety(_ configuration: CurlConfiguration) {
        heyi_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        heyi_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        heyi_easy_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        heyi_easy_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        heyi_easy_set_text(easy, CURLOPT_PROXY, configuration.proxy ?? "")
        heyi_easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        heyi_easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        heyi_easy_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // Names a bundle; the system's directory of authorities stays trusted beside it.
        if let file = configuration.extraAuthoritiesFile { heyi_easy_set_text(easy, CURLOPT_CAINFO, file) }
        heyi_easy_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        heyi_easy_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        // The signature covers the target as it is spelled, so dots are not folded away.
        heyi_easy_set_long(easy, CURLOPT_PATH_AS_IS, 1)
    }

    private func setMethod(_ request: HTTPRequest, uploadLength: Int64?) {
        if upload != nil {
            heyi_easy_set_long(easy, CURLOPT_UPLOAD, 1)
            heyi_easy_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(uploadLength ?? -1))
        } else if let body = request.body ?? emptyBody(of: request.method) {
            body.withUnsafeBytes { bytes in
                // An empty array has no address, and curl reads a null as "no body at all".
                withUnsafePointer(to: 0 as UInt8) { nothing in
                    _ = heyi_easy_set_body(
                        easy, bytes.baseAddress ?? UnsafeRawPointer(nothing), curl_off_t(bytes.count))
                }
            }
        }
        heyi_easy_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }

    private func emptyBody(of method: HTTPRequest.Method) -> [UInt8]? {
        switch method {
        case .post, .put: []
        case .get, .delete: nil
        }
    }

    private func setHeaders(_ request: HTTPRequest) {
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        let given = Set(request.headers.map { $0.name.lowercased() })
        // curl adds these by itself unless an empty one takes them off.
        lines.append("Expect:")
        if !given.contains("content-type") { lines.append("Content-Type:") }
        if !given.contains("user-agent") { lines.append("User-Agent: heyi") }
        for line in lines { headerList = curl_slist_append(headerList, line) }
        heyi_easy_set_headers(easy, headerList)
    }

    private func check(_ request: HTTPRequest) throws(TransportError) {
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidRequest(reason: "the URL has a space, a control character or an unescaped letter")
        }
        let lower = request.url.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
            throw .invalidRequest(reason: "the URL must begin with http:// or https://")
        }
        let authority = lower.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@") else {
            throw .invalidRequest(reason: "the URL must name a host and carry no user name")
        }
        for (name, value) in request.headers {
            guard !name.isEmpty, name.utf8.allSatisfy(CurlTransfer.isToken) else {
                throw .invalidRequest(reason: "a header name has a character that names may not have")
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .invalidRequest(reason: "the header \(name) has a control character")
            }
            guard !["content-length", "transfer-encoding", "host"].contains(name.lowercased()) else {
                throw .invalidRequest(reason: "the header \(name) is for the transport to set")
            }
        }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

private func transfer(_ context: UnsafeMutableRawPointer) -> CurlTransfer {
    Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
}

private func curlBringsBody(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    return transfer(context).receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func curlBringsHeader(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    return transfer(context).receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func curlTakesBody(
    buffer: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer, let context else { return Int(CURL_READFUNC_ABORT) }
    let target = UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
    return transfer(context).upload?.fill(target) ?? Int(CURL_READFUNC_ABORT)
}

private func curlOpensSocket(
    context: UnsafeMutableRawPointer?, purpose: curlsocktype, target: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let target else { return curl_socket_t(CURL_SOCKET_BAD) }
    return transfer(context).openSocket(target)
}

private func curlIsConnected(
    context: UnsafeMutableRawPointer?, peer: UnsafeMutablePointer<CChar>?, own: UnsafeMutablePointer<CChar>?,
    peerPort: Int32, ownPort: Int32
) -> Int32 {
    guard let context, let peer else { return CURL_PREREQFUNC_ABORT }
    return transfer(context).allowsPeer(String(cString: peer)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
