import ChannelAdapters
import Commerce
import Crypto

extension StripeBooks {
    /// Makes an event and sends it on its way, or what the dials make of it.
    mutating func tell(_ type: String, _ object: JSON, key: String? = nil) {
        let event = envelope(type, object, key: key, account: nil)
        events.append(event)
        if falls(dials.callbackLost) { return }
        if falls(dials.callbackForeign) {
            send(envelope(type, object, key: key, account: "acct_another").bytes, due: now)
        }
        var told = event
        if falls(dials.callbackOtherAmount) { told = StripeBooks.replacing(event, object: StripeBooks.withOtherAmount(object)) }
        let body = told.bytes
        for _ in 0..<dials.callbackCopies {
            var due = now
            let delay = dials.callbackDelayMax.milliseconds
            if delay > 0 { due = due + .milliseconds(Int64(random.next() % UInt64(delay + 1))) }
            guard falls(dials.callbackTampered) else {
                send(body, due: due)
                continue
            }
            // Altered at its first try and whole at the next, as when somebody stands in between for a while.
            let (url, secrets) = (callbackURL, secrets)
            callbacks.add(due: due, repeats: false) { now in StripeBooks.request(url, body + [0x20], signed: StripeBooks.signature(body, secrets, now)) }
            send(body, due: due + StripeBooks.schedule[0])
        }
    }

    private mutating func send(_ body: [UInt8], due: Timestamp) {
        let (url, secrets) = (callbackURL, secrets)
        // Each try is signed anew, with its own time.
        callbacks.add(due: due, isHeld: dials.callbackHeld) { now in StripeBooks.request(url, body, signed: StripeBooks.signature(body, secrets, now)) }
    }

    private static func request(_ url: String, _ body: [UInt8], signed: String) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: url,
            headers: [("Content-Type", "application/json; charset=utf-8"), ("User-Agent", "Stripe/1.0"), ("Stripe-Signature", signed)],
            body: body, timeout: .seconds(10), responseBytesMax: 1 << 16, addresses: .privateToo)
    }

    /// With a signature of the old scheme beside those that count, as test events have.
    static func signature(_ body: [UInt8], _ secrets: [String], _ now: Timestamp) -> String {
        let seconds = String(now.milliseconds / 1_000)
        let codes = secrets.map { secret in
            var code = HMAC<SHA256>(key: SymmetricKey(data: Array(secret.utf8)))
            code.update(data: Array((seconds + ".").utf8))
            code.update(data: body)
            return "v1=" + code.finalize().flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }.joined()
        }
        return (["t=\(seconds)"] + codes + ["v0=\(String(repeating: "0", count: 64))"]).joined(separator: ",")
    }

    private mutating func envelope(_ type: String, _ object: JSON, key: String?, account: String?) -> JSON {
        var members: [(String, JSON)] = [
            ("id", .string(id("evt"))), ("object", "event"), ("api_version", "2026-10-28.endive"), ("created", .integer(seconds)),
            ("data", ["object": object]), ("livemode", false), ("pending_webhooks", 1), ("type", .string(type)),
            ("request", ["id": .null, "idempotency_key": key.map { .string($0) } ?? .null]),
        ]
        if let account { members.append(("account", .string(account))) }
        return .object(JSONObject(members))
    }

    private static func replacing(_ event: JSON, object: JSON) -> JSON {
        guard case .object(var members) = event else { return event }
        members["data"] = ["object": object]
        return .object(members)
    }

    private static func withOtherAmount(_ object: JSON) -> JSON {
        guard case .object(var members) = object else { return object }
        for name in ["amount", "amount_received", "amount_total"] {
            if let amount = members[name]?.integer { members[name] = .integer(amount + 100) }
        }
        return .object(members)
    }
}
