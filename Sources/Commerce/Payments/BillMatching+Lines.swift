extension BillMatching {
    /// What of a payment's line is not as our books have it.
    mutating func judgePayment(_ line: BillLine) {
        guard let ours = payment(line.transaction) else {
            if line.isFinal { missHere(payment: line) }
            return
        }
        if let said = line.number.flatMap({ GatewayNumber($0) }), said.order != ours.order {
            add(
                .otherOrder, line, ours.order, ours.json,
                .person("the gateway took it for order \(said.order), it is booked for \(ours.order)"))
        }
        if !line.isFinal {
            add(
                .state, line, ours.order, ours.json,
                ours.payment.attempt.map { .ask(order: ours.order, attempt: $0) }
                    ?? .person("the gateway lists the payment as not through, and order \(ours.order) has it"))
        }
        compareAmounts(line, ours.payment.amount, ours.order, ours.json)
        guard line.isFinal, let rate = day.terms.fee else { return }
        let fee = rate.fee(of: line.amount.amount)
        guard fee != line.fee else { return }
        add(
            .fee, line, ours.order, ["fee": .integer(fee), "parts_per_million": .integer(rate.partsPerMillion)],
            .person("the rate makes it \(fee), the gateway kept \(line.fee)"), apart: (fee, line.fee))
    }

    /// What of a refund's line is not as our books have it.
    mutating func judgeRefund(_ line: BillLine) {
        guard let ours = refund(line) else { return missHere(refund: line) }
        let (order, before) = (ours.number.order, differences.count)
        if line.transaction != ours.transaction {
            add(
                .otherOrder, line, order, ours.json,
                .person("the gateway gave it back to payment \(line.transaction), it is owed to \(ours.transaction)"))
        }
        compareAmounts(line, ours.amount, order, ours.json)
        guard differences.count == before else { return }
        if line.isFinal, ours.settled == nil {
            add(.state, line, order, ours.json, .learnRefund(order: order, refund: ours.number.part), isPending: isFresh(line))
        }
        // Settled after the day was over, it was under way on its bill as it should be.
        if !line.isFinal, let settled = ours.settled, settled.at + BillTerms.slack < day.end {
            add(.state, line, order, ours.json, .askRefund(order: order, refund: ours.number.part))
        }
    }

    private mutating func compareAmounts(_ line: BillLine, _ ours: Money, _ order: String, _ here: @autoclosure () -> JSON) {
        guard line.amount != ours else { return }
        let words = BillRepair.person("the bill says \(line.amount), our books \(ours)")
        if line.amount.currency != ours.currency {
            add(.currency, line, order, here(), words)
        } else {
            add(.amount, line, order, here(), words, apart: (line.amount.amount, ours.amount))
        }
    }

    /// - Parameter apart: what is at stake, where it is not the whole line.
    private mutating func add(
        _ kind: BillDifference.Class, _ line: BillLine, _ order: String, _ here: JSON, _ repair: BillRepair, isPending: Bool = false,
        apart: (Int64, Int64)? = nil
    ) {
        let amount = apart.map { Int64(clamping: (Int128($0.0) - Int128($0.1)).magnitude) } ?? line.amount.amount
        add(
            kind, line.movement, order: order, amount: Money(amount: amount, currency: line.amount.currency), here: here,
            there: line.json, repair, isPending: isPending)
    }

    private mutating func missHere(payment line: BillLine) {
        let number = line.number.flatMap { GatewayNumber($0) }
        let repair: BillRepair
        if let number, day.attempts.contains(number) {
            repair = .learnPayment(order: number.order, attempt: number.part)
        } else if let number {
            repair = .person("no buyer of order \(number.order) was sent to pay attempt \(number.part); find out who took this payment")
        } else {
            repair = .person("it was not paid under a number of ours; find out who took it")
        }
        add(
            .missingHere, line.movement, order: number?.order, amount: line.amount, here: .null, there: line.json, repair,
            isPending: isFresh(line))
    }

    private mutating func missHere(refund line: BillLine) {
        add(
            .missingHere, line.movement, order: payment(line.transaction)?.order, amount: line.amount, here: .null, there: line.json,
            .person("money went back at the gateway under a number that is no refund of ours, such as by hand in its console"),
            isPending: isFresh(line))
    }
}

extension BillMatching {
    mutating func missThere(_ ours: BookedPayment, _ movement: BillMovement) {
        // The word of it may have come days after it, so any day up to the one it was booked on may list it.
        let first = day.terms.day(Timestamp(milliseconds: ours.at.milliseconds - BillTerms.slack.milliseconds))
        let last = max(day.terms.day(ours.at + BillTerms.slack), day.day).next
        let repair: BillRepair =
            ours.payment.attempt.map { .ask(order: ours.order, attempt: $0) }
            ?? .person("order \(ours.order) has a payment that no bill lists")
        missThere(movement, first, last, ours.order, ours.payment.amount, ours.json, repair)
    }

    mutating func missThere(_ ours: BookedRefund, _ settled: BookedRefund.Settled) {
        // Gateways list a refund on the day it was asked for, or on the day it was through.
        let first = day.terms.day(Timestamp(milliseconds: min(ours.openedAt, settled.at).milliseconds - BillTerms.slack.milliseconds))
        let last = max(day.terms.day(settled.at + BillTerms.slack), day.day).next
        let movement = BillMovement(.refund, ours.transaction, part: ours.number.description)
        missThere(
            movement, first, last, ours.number.order, ours.amount, ours.json,
            .askRefund(order: ours.number.order, refund: ours.number.part))
    }

    private mutating func missThere(
        _ movement: BillMovement, _ first: CalendarDay, _ last: CalendarDay, _ order: String, _ amount: Money, _ here: JSON,
        _ repair: BillRepair
    ) {
        let standing = day.coverage.standing(min(first.number, day.day.number)...last.number)
        // It may be on a bill that nobody will ever look at; then nothing can be said.
        guard standing != .outside else { return }
        add(
            .missingThere, movement, order: order, amount: amount, here: here, there: .null, repair, isPending: standing == .awaited)
    }

    /// Whether the bill's own sums are those of its lines; some count what is under way, and some do not.
    mutating func judgeTotals() {
        for total in day.bill.totals {
            let lines = day.bill.lines.filter { $0.kind == total.kind && $0.amount.currency == total.amount.currency }
            let all = Tally(lines)
            guard !all.is(total), !Tally(lines.filter(\.isFinal)).is(total) else { continue }
            let apart = (Int128(all.amount) - Int128(total.amount.amount)).magnitude
            add(
                .totals, BillMovement(total.kind, "", part: total.amount.currency.code), order: nil,
                amount: Money(amount: Int64(clamping: apart), currency: total.amount.currency),
                here: ["count": .integer(all.count), "amount": .integer(all.amount)],
                there: .members([("count", total.count.map(JSON.integer)), ("amount", .integer(total.amount.amount))]),
                .person("the bill's lines come to \(all.count) of \(all.amount) minor units, its own sum says otherwise; take it again"))
        }
    }

    private struct Tally {
        let count: Int64
        let amount: Int64

        init(_ lines: [BillLine]) {
            count = Int64(lines.count)
            amount = lines.reduce(0) { BillSum.sum($0, $1.amount.amount) }
        }

        func `is`(_ total: BillTotal) -> Bool { (total.count ?? count) == count && total.amount.amount == amount }
    }
}
