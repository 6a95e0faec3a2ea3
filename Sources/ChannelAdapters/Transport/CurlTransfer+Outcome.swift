import CCurl

extension CurlTransfer {
    /// Whether a byte of the request has left; then only the other side knows what it did.
    ///
    /// curl counts over all its attempts, and it does try again when a kept connection
    /// turns out closed. So a request whose second attempt was refused still counts as
    /// possibly arrived.
    var mayHaveArrived: Bool {
        var bytes = 0
        heyi_easy_get_long(easy, CURLINFO_REQUEST_SIZE, &bytes)
        return bytes > 0
    }

    func result(of code: CURLcode) -> Result<Void, TransportError> {
        if code == CURLE_OK { return .success(()) }
        return .failure(error(for: code))
    }

    private func error(for code: CURLcode) -> TransportError {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(mayHaveArrived: mayHaveArrived)
        case CURLE_FILESIZE_EXCEEDED: return .responseTooLarge(bytesMax: limits.body)
        // Said of a request before it is sent, but also of an answer that is not HTTP.
        case CURLE_URL_MALFORMAT where !mayHaveArrived, CURLE_UNSUPPORTED_PROTOCOL where !mayHaveArrived:
            return .invalidRequest(reason: reason(code))
        default: break
        }
        // A refused address is only the cause when no other address of the name served.
        if let fault, !mayHaveArrived || !isAddressFault(fault) { return fault }
        if mayHaveArrived { return .interrupted(reason: reason(code)) }
        return isDistrust(code) ? .untrusted(reason: reason(code)) : .unreachable(reason: reason(code))
    }

    private func isAddressFault(_ fault: TransportError) -> Bool {
        if case .forbiddenAddress = fault { true } else { false }
    }

    private func isDistrust(_ code: CURLcode) -> Bool {
        [
            CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
        ].contains(code)
    }

    private func reason(_ code: CURLcode) -> String {
        let own = String(cString: errorText)
        return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
    }
}
