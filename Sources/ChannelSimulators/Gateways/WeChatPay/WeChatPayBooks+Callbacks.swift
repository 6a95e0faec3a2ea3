import ChannelAdapters
import Commerce

extension WeChatPayBooks {
    /// Owes the merchant a callback, as often, as late and as badly as the dials have it.
    mutating func tell(
        _ event: String, _ original: String, _ content: JSON, to url: String, at now: Timestamp, _ signer: WeChatPaySigner,
        _ surroundings: Surroundings
    ) {
        func falls(_ chance: Int) -> Bool { chance > 0 && Int(surroundings.random.next() % 1_000) < chance }
        let id = next("EV-20261201-")
        guard !falls(dials.callbackLost) else { return }
        var told = content
        if falls(dials.callbackForeign) { told = WeChatPayBooks.with(told, "mchid", "1900009999") }
        if falls(dials.callbackOtherAmount), let amount = told["amount"] {
            let name = amount["refund"] == nil ? "total" : "refund"
            told = WeChatPayBooks.with(told, "amount", WeChatPayBooks.with(amount, name, .integer((amount[name]?.integer ?? 0) + 1)))
        }
        let body = WeChatPayBooks.notification(id, event, original, told, signer.keys.apiV3Key, at: now, surroundings)
        let isTampered = falls(dials.callbackTampered)
        for _ in 0..<dials.callbackCopies {
            let latest = dials.callbackDelayMax.milliseconds
            let delay = latest > 0 ? Int64(surroundings.random.next() % UInt64(latest + 1)) : 0
            queue.add(due: now + .milliseconds(delay), isHeld: dials.callbackHeld) { _ in
                var headers = signer.callback(body)
                headers.append((name: "content-type", value: "application/json"))
                var sent = body
                // The envelope's summary: readable as before, and signed otherwise.
                if isTampered, let last = sent.lastIndex(of: UInt8(ascii: "}")) { sent.insert(0x20, at: last) }
                return HTTPRequest(
                    method: .post, url: url, headers: headers, body: sent, timeout: .seconds(5), responseBytesMax: 65_536, addresses: .privateToo)
            }
        }
    }

    /// The bytes of a callback.
    static func notification(
        _ id: String, _ event: String, _ original: String, _ content: JSON, _ key: String, at now: Timestamp, _ surroundings: Surroundings
    ) -> [UInt8] {
        let nonce = WeChatPaySimulator.nonce(surroundings)
        let sealed: String
        do throws(WeChatPayCipher.Fault) {
            sealed = try WeChatPayCipher(key: Secret(key)).seal(content.bytes, nonce: nonce, associated: original)
        } catch { preconditionFailure("a simulator's own key seals: \(error.reason)") }
        let json: JSON = [
            "id": .string(id), "create_time": .string(BeijingTime.written(now)), "resource_type": "encrypt-resource",
            "event_type": .string(event), "summary": "通知",
            "resource": [
                "original_type": .string(original), "algorithm": "AEAD_AES_256_GCM", "ciphertext": .string(sealed),
                "associated_data": .string(original), "nonce": .string(nonce),
            ],
        ]
        return json.bytes
    }

    static func with(_ json: JSON, _ name: String, _ value: JSON) -> JSON {
        var object = json.object ?? JSONObject()
        object[name] = value
        return .object(object)
    }
}
