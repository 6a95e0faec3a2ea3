package import Commerce

extension AlipayPayments {
    /// Gives the buyer's client an address (`page`, `wap`), an order to hand to Alipay's own application (`app`), a code
    /// to show (`qr`), or a trade to pay within Alipay (`create`, which needs the payer).
    ///
    /// Refused is only what no earlier try can have got through with the very same words.
    package func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening {
        guard attempt.amount.currency == .yuan, attempt.amount.amount > 0 else { return .refused("Alipay takes CNY, more than nothing") }
        guard let way = attempt.terms.way.map(AlipayAccount.Way.init(rawValue:)) ?? client.account.way else {
            return .refused("Alipay knows no such way to pay; it has \(AlipayAccount.Way.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if way == .create, attempt.terms.payer == nil { return .refused("this way needs the payer's id at Alipay") }
        if let end = attempt.terms.expires, end <= client.surroundings.time.now() { return .unknown("its time to be paid is over") }
        let request = opening(attempt, of: order, way)
        switch way {
        case .page, .wap, .app:
            do throws(GatewayFault) {
                let form = try client.account.form(request, at: client.surroundings.time.now())
                if way == .app { return .ready(["way": .string(way.rawValue), "order_string": .string(form)]) }
                return .ready(["way": .string(way.rawValue), "url": .string("\(client.account.url)?\(form)")])
            } catch {
                return .unknown("\(error)")
            }
        case .qr, .create: return opened(await client.call(request), way, attempt.numberAtGateway(ofOrder: order).description)
        }
    }

    private func opening(_ attempt: PaymentAttempt, of order: String, _ way: AlipayAccount.Way) -> AlipayRequest {
        let terms = attempt.terms
        var content: [(String, JSON)] = [
            ("out_trade_no", .string(attempt.numberAtGateway(ofOrder: order).description)),
            ("subject", .string(AlipayPayments.subject(terms.description ?? "订单 \(order)"))),
            ("total_amount", .string(attempt.amount.decimal)),
        ]
        if let end = terms.expires { content.append(("time_expire", .string(BeijingTime.inBills(end)))) }
        let (method, product): (String, String)
        switch way {
        case .page: (method, product) = ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY")
        case .wap: (method, product) = ("alipay.trade.wap.pay", "QUICK_WAP_PAY")
        case .app: (method, product) = ("alipay.trade.app.pay", "QUICK_MSECURITY_PAY")
        case .qr: (method, product) = ("alipay.trade.precreate", "FACE_TO_FACE_PAYMENT")
        case .create: (method, product) = ("alipay.trade.create", "JSAPI_PAY")
        }
        content.append(("product_code", .string(product)))
        if way == .create, let payer = terms.payer {
            // A user's number is sixteen digits from 2088 on; anything else is an openid of this application.
            let isNumber = payer.utf8.count == 16 && payer.hasPrefix("2088") && payer.utf8.allSatisfy { (0x30...0x39).contains($0) }
            content.append((isNumber ? "buyer_id" : "buyer_open_id", .string(payer)))
        }
        var request = AlipayRequest(method: method, content: .object(JSONObject(content)), notifyURL: client.account.callbackURL)
        if way == .page || way == .wap { request.returnURL = terms.returnURL }
        return request
    }

    private func opened(_ answer: AlipayAnswer, _ way: AlipayAccount.Way, _ number: String) -> GatewayOpening {
        switch answer {
        case .nothing(let reason): return .unknown(reason)
        case .unproven(let reply): return .unknown(reply.words)
        case .told(let reply) where reply.isDone:
            do throws(ValidationFailure) {
                let told = try AlipayTold(reply.content)
                guard try told.needed("out_trade_no").hasSameBytes(as: number) else { return .unknown("the answer is about another trade") }
                if way == .create { return .ready(["way": .string(way.rawValue), "trade_no": .string(try told.neededName("trade_no"))]) }
                return .ready(["way": .string(way.rawValue), "code_url": .string(try told.needed("qr_code"))])
            } catch {
                return .unknown("the answer cannot be read: \(error)")
            }
        case .told(let reply):
            return AlipayPayments.refusals.contains(reply.subCode) ? .refused(reply.words) : .unknown(reply.words)
        }
    }

    /// Reasons that lie in the words themselves, which are the same at every try, or in an end the trade has come to.
    private static let refusals: Set<String> = [
        "ACQ.TRADE_HAS_CLOSE", "ACQ.INVALID_PARAMETER", "ACQ.EXIST_FORBIDDEN_WORD", "ACQ.TOTAL_FEE_EXCEED", "ACQ.BUYER_SELLER_EQUAL",
        "isv.invalid-parameter", "isv.missing-parameter",
    ]

    /// What the platform takes as a trade's name, and what its statements do not stumble over.
    private static func subject(_ text: String) -> String {
        String(text.map { "/=&,\"".contains($0) ? " " : $0 }.prefix(128))
    }
}
