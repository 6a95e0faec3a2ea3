import Commerce

/// Where buyers pay by WeChat.
struct WeChatPayGateway: PaymentGateway {
    let account: WeChatPayAccount
    let client: WeChatPayClient
    let surroundings: Surroundings

    var id: String { account.id.text }

    /// Asked again it says the same words, which the platform answers with the same; each time the client's signature is a new one.
    func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening {
        let way: WeChatPayWay
        let body: JSON
        switch words(attempt, of: order) {
        case .refused(let reason): return .refused(reason)
        case .say(let said, let json): (way, body) = (said, json)
        }
        switch await client.send(.post, "/v3/pay/transactions/\(way.word)", body) {
        case .done(let answer): return opening(way, answer, attempt)
        case .unsent(let reason), .unsure(let reason, _): return .unknown(reason)
        case .refused(let complaint): return await settle(complaint, attempt, order)
        }
    }

    private func opening(_ way: WeChatPayWay, _ answer: JSON, _ attempt: PaymentAttempt) -> GatewayOpening {
        do throws(ValidationFailure) {
            let members = try WeChatPayMembers(answer)
            switch way {
            case .native:
                return .ready(.object(JSONObject([("way", "native"), ("code_url", .string(try members.required("code_url", max: 512)))])))
            case .h5:
                var url = try members.required("h5_url", max: 1_024)
                if let back = attempt.terms.returnURL {
                    url += (url.contains("?") ? "&" : "?") + "redirect_url=" + WeChatPayGateway.escaped(back)
                }
                return .ready(.object(JSONObject([("way", "h5"), ("h5_url", .string(url))])))
            case .jsapi, .mini, .app:
                let prepay = try members.code("prepay_id", max: 64)
                let app = account.apps[way] ?? ""
                do throws(RSAKeyFault) {
                    return .ready(
                        try account.parameters(way, app: app, prepay: prepay, nonce: surroundings.nonce(), at: surroundings.time.now()))
                } catch { return .unknown(error.reason) }
            }
        } catch {
            return .unknown("the answer cannot be read: \(error)")
        }
    }

    /// The platform does not open it now. Whether the number can be paid all the same says only the platform: an earlier
    /// try may have been heard in other words, or before somebody took a permission away.
    private func settle(_ complaint: WeChatPayClient.Complaint, _ attempt: PaymentAttempt, _ order: String) async -> GatewayOpening {
        switch await look(attempt, of: order) {
        case .nobody, .news(.closed): .refused("\(complaint)")
        case .news(.open): .unknown("\(complaint); it is open there in other words: close it, and open another")
        case .news(.paid): .unknown("\(complaint); it was paid")
        case .news(.unknown(let reason)): .unknown("\(complaint); \(reason)")
        }
    }

    func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        switch await look(attempt, of: order) {
        case .news(let news): news
        // Not there yet: a request to open it may still be under way. Closing it is what makes this certain.
        case .nobody: .open
        }
    }

    func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        let number = attempt.numberAtGateway(ofOrder: order).description
        guard GatewayNumber.attemptLengths.contains(number.utf8.count) else { return .closed }
        let body = JSON.object(JSONObject([("mchid", .string(account.merchant))]))
        switch await client.send(.post, "/v3/pay/transactions/out-trade-no/\(number)/close", body) {
        case .done(.null): return .closed
        case .unsent(let reason): return .unknown(reason)
        // A payer may be typing the password (USERPAYING, FREQUENCY_LIMITED), have paid, or nothing was heard: only asking tells.
        case .done, .unsure, .refused:
            switch await look(attempt, of: order) {
            case .news(let news): return news
            case .nobody: return .closed
            }
        }
    }

    private enum Found {
        case news(AttemptNews)
        /// The platform knows no such number.
        case nobody
    }

    private func look(_ attempt: PaymentAttempt, of order: String) async -> Found {
        let number = attempt.numberAtGateway(ofOrder: order).description
        guard GatewayNumber.attemptLengths.contains(number.utf8.count) else { return .nobody }
        switch await client.send(.get, "/v3/pay/transactions/out-trade-no/\(number)?mchid=\(account.merchant)") {
        case .unsent(let reason), .unsure(let reason, _): return .news(.unknown(reason))
        case .refused(let complaint):
            let isUnknown = complaint.status == 404 && ["ORDERNOTEXIST", "ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS"].contains(complaint.code)
            return isUnknown ? .nobody : .news(.unknown("\(complaint)"))
        case .done(let json):
            do throws(ValidationFailure) {
                let found = try WeChatPayTransaction(json)
                guard found.number == number else { return .news(.unknown("the answer is about another number")) }
                return .news(account.news(of: found, attempt: attempt.id))
            } catch { return .news(.unknown("the answer cannot be read: \(error)")) }
        }
    }

    /// Everything but letters, digits and `-._~`, as queries are written.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

extension WeChatPayAccount {
    /// What a payment's state means here; unknown when it is another merchant's or another app's.
    func news(of found: WeChatPayTransaction, attempt: EntityID?) -> AttemptNews {
        guard found.merchant == merchant else { return .unknown("the answer is about another merchant") }
        guard apps.values.contains(found.app) else { return .unknown("the answer is about another app") }
        switch found.state {
        case .notPaid, .userPaying, .accept: return .open
        // The wallet lets a payer try again after a failure; nothing but closing makes sure that nobody does.
        case .payError: return .open
        case .closed, .revoked: return .closed
        case .success, .refund:
            guard let transaction = found.transaction, let total = found.total, let at = found.paidAt else {
                return .unknown("the answer says paid, and not what")
            }
            return .paid(Payment(ref: PaymentRef(gateway: id.text, transaction: transaction), attempt: attempt, amount: total), at: at)
        }
    }
}
