import Commerce

/// One request to the platform: a method, what it is about, and the parameters every one has, signed.
struct AlipayRequest: Sendable {
    let method: String
    let content: JSON
    /// Where notifications go; nil for methods that have none.
    var notifyURL: String?
    var returnURL: String?
}

extension AlipayAccount {
    /// The parameters as a form: `a=…&sign=…`, for a body, a query or an application's order.
    ///
    /// - Throws: ``GatewayFault`` where a key does not do its work.
    func form(_ request: AlipayRequest, at now: Timestamp) throws(GatewayFault) -> String {
        var parameters: [(name: String, value: String)] = [
            ("app_id", appID), ("charset", "utf-8"), ("format", "JSON"), ("method", request.method),
            ("sign_type", digest == .sha1 ? "RSA" : "RSA2"), ("timestamp", BeijingTime.inBills(now)), ("version", "1.0"),
        ]
        if let contentKey {
            parameters += [("biz_content", try contentKey.seal(request.content.bytes)), ("encrypt_type", "AES")]
        } else {
            parameters.append(("biz_content", request.content.text))
        }
        if let certificates { parameters += [("app_cert_sn", certificates.app), ("alipay_root_cert_sn", certificates.root)] }
        if let url = request.notifyURL { parameters.append(("notify_url", url)) }
        if let url = request.returnURL { parameters.append(("return_url", url)) }
        parameters.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let signed = parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        do throws(RSAKeyFault) { parameters.append(("sign", try privateKey.sign(Array(signed.utf8), digest).base64)) } catch {
            throw GatewayFault("app_private_key", error.reason)
        }
        return parameters.map { "\($0.name)=\(ChannelEndpoint.escaped($0.value))" }.joined(separator: "&")
    }
}
