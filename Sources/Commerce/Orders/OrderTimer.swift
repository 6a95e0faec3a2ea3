/// Something that becomes due for an order by itself.
package struct OrderTimer: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case paymentDue = "payment-due"
        /// Somebody was sent to pay and nobody has heard of it since: the gateway is asked, less and less often.
        case paymentInquiry = "payment-inquiry"
        case autoReceive = "auto-receive"
        case autoComplete = "auto-complete"
        case reviewReminder = "review-reminder"
        /// The seller's silence is agreement, the buyer's is not.
        case answerDue = "answer-due"
        /// Goods agreed to be sent back are to be on their way.
        case returnDue = "return-due"
        /// Something waits for the seller's people: goods to be sent, a case to be handled.
        case attention
    }

    package let kind: Kind
    /// The after-sale case it is about; nil for the order itself.
    package let afterSale: EntityID?
    package let due: Timestamp

    package init(_ kind: Kind, afterSale: EntityID? = nil, due: Timestamp) {
        self.kind = kind
        self.afterSale = afterSale
        self.due = due
    }
}

/// How long an order may rest where it is.
package struct OrderPatience: Hashable, Sendable {
    /// How long a payment's news is waited for before its gateway is asked.
    package var inquire = Duration.seconds(20)
    package var receive = Duration.seconds(14 * 86_400)
    package var complete = Duration.seconds(7 * 86_400)
    package var review = Duration.seconds(3 * 86_400)
    package var answer = Duration.seconds(2 * 86_400)
    package var sendBack = Duration.seconds(7 * 86_400)
    /// How long the seller's own people may leave something lying before they are reminded.
    package var handle = Duration.seconds(2 * 86_400)

    package init() {}
}

extension OrderState {
    /// The timers an order has, from its state alone: rows that were lost are made again from it, rows too many are found.
    ///
    /// A reminder stays among them after it fired; its row, marked as done, keeps it from firing again.
    package func timers(_ patience: OrderPatience) -> [OrderTimer] {
        var timers: [OrderTimer] = []
        if phase == .awaitingPayment, let due = placed?.paymentDue { timers.append(OrderTimer(.paymentDue, due: due)) }
        if let asked = attempts.filter({ $0.end == .unknown }).map(\.at).min() {
            timers.append(OrderTimer(.paymentInquiry, due: asked + patience.inquire))
        }
        let isDisputed = afterSales.contains(where: \.isOpen)
        // Nothing is taken for granted while a case is open.
        if phase == .shipped, !isDisputed, let last = parcels.map({ $0.deliveredAt ?? $0.at }).max() {
            timers.append(OrderTimer(.autoReceive, due: last + patience.receive))
        }
        if phase == .received, let receivedAt {
            if !isDisputed { timers.append(OrderTimer(.autoComplete, due: receivedAt + patience.complete)) }
            timers.append(OrderTimer(.reviewReminder, due: receivedAt + patience.review))
        }
        if phase == .paid || phase == .partlyShipped, let since = (payments.map(\.at) + parcels.map(\.at)).max() ?? placedAt {
            timers.append(OrderTimer(.attention, due: since + patience.handle))
        }
        for afterSale in afterSales {
            guard let since = afterSale.since else { continue }
            switch afterSale.phase {
            case .asked, .offered: timers.append(OrderTimer(.answerDue, afterSale: afterSale.id, due: since + patience.answer))
            case .agreed: timers.append(OrderTimer(.returnDue, afterSale: afterSale.id, due: since + patience.sendBack))
            case .returning, .refunding, .resending, .disputed:
                timers.append(OrderTimer(.attention, afterSale: afterSale.id, due: since + patience.handle))
            case .expected, .declined, .dismissed, .withdrawn, .settled: break
            }
        }
        return timers
    }

    /// What happens when a timer fires; asked of the state at that moment, for much may have happened since it was set.
    package func effect(of timer: OrderTimer, now: Timestamp, _ patience: OrderPatience) -> TimerEffect {
        guard let current = timers(patience).first(where: { $0.kind == timer.kind && $0.afterSale == timer.afterSale }) else {
            return .nothing
        }
        guard current.due <= now else { return .later(current.due) }
        switch (timer.kind, timer.afterSale) {
        case (.paymentDue, _):
            if !inDoubt.isEmpty { return .close(inDoubt) }
            return .write(.cancelled(Cancellation(number: cancellations.count + 1, by: .timeout, reason: "not paid in time")))
        case (.paymentInquiry, _): return .inquire(inDoubt)
        case (.autoReceive, _): return .write(.received(by: .timer))
        case (.autoComplete, _): return .write(.completed)
        case (.reviewReminder, _), (.attention, _): return .remind
        case (.answerDue, let id?), (.returnDue, let id?):
            guard let afterSale = afterSale(id) else { return .nothing }
            let word: AfterSaleAnswer.Word = afterSale.phase == .asked ? .agree : .decline(reason: "no answer in time")
            return .write(.afterSale(id, .answered(afterSale.answers + 1, AfterSaleAnswer(by: .timer, word))))
        case (.answerDue, nil), (.returnDue, nil): return .nothing
        }
    }
}

package enum TimerEffect: Hashable, Sendable {
    /// It has become pointless.
    case nothing
    case later(Timestamp)
    case write(OrderFact)
    /// Ask the gateways what became of these.
    case inquire([PaymentAttempt])
    /// Have the gateways close these; the order waits until each is paid or closed.
    case close([PaymentAttempt])
    case remind
}
