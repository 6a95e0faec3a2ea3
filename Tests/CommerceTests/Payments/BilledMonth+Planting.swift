import Commerce

extension BilledMonth {
    /// Plants one mistake of every class, each at a payment of its own, and says where it must be found.
    mutating func plantAll() -> Set<Place> {
        var places: Set<Place> = []
        var free = payments.filter { payment in !refunds.contains { $0.transaction == payment.payment.ref.transaction } }
        func take() -> BookedPayment { free.removeFirst() }
        places.insert(forget(take()))
        places.insert(unlist(take()))
        places.formUnion(change(take(), .amount) { line in
            line.with(amount: Money(amount: line.amount.amount + 10_000_000, currency: line.amount.currency), fee: nil)
        })
        places.formUnion(change(take(), .currency) { line in
            let other = BilledMonth.currencies.first { $0 != line.amount.currency }!
            return line.with(amount: Money(amount: line.amount.amount, currency: other), fee: line.fee)
        })
        places.formUnion(change(take(), .fee) { $0.with(amount: $0.amount, fee: $0.fee + 1) })
        places.formUnion(change(take(), .otherOrder) { line in line.numbered("20261001-o1000-a1") })
        places.formUnion(change(take(), .state) { $0.final(false) })
        places.insert(listTwice(take()))
        places.insert(listOnAnotherDay(take()))
        places.insert(giveBackByOthers(take()))
        places.formUnion(leaveOpen())
        let day = CalendarDay(number: BilledMonth.first.number + 9)
        totalsOff[day] = 1
        places.insert(Place(day, .totals, BillMovement(.payment, "", part: "CNY")))
        return places
    }

    private func place(_ payment: BookedPayment) -> (day: CalendarDay, index: Int) {
        for (day, lines) in bills {
            if let index = lines.firstIndex(where: { $0.kind == .payment && $0.transaction == payment.payment.ref.transaction }) { return (day, index) }
        }
        preconditionFailure("not listed")
    }

    private func movement(_ payment: BookedPayment) -> BillMovement { BillMovement(.payment, payment.payment.ref.transaction) }

    private mutating func forget(_ payment: BookedPayment) -> Place {
        payments.removeAll { $0.payment.ref == payment.payment.ref }
        return Place(place(payment).day, .missingHere, movement(payment))
    }

    private mutating func unlist(_ payment: BookedPayment) -> Place {
        let (day, index) = place(payment)
        bills[day]!.remove(at: index)
        return Place(BilledMonth.day(payment.bookedAt), .missingThere, movement(payment))
    }

    private mutating func change(
        _ payment: BookedPayment, _ kind: BillDifference.Class, _ body: (BillLine) -> BillLine
    ) -> Set<Place> {
        let (day, index) = place(payment)
        bills[day]![index] = body(bills[day]![index])
        return [Place(day, kind, movement(payment))]
    }

    private mutating func listTwice(_ payment: BookedPayment) -> Place {
        let (day, index) = place(payment)
        bills[day]!.append(bills[day]![index])
        return Place(day, .duplicate, movement(payment))
    }

    private mutating func listOnAnotherDay(_ payment: BookedPayment) -> Place {
        let (day, index) = place(payment)
        bills[day.next, default: []].append(bills[day]![index])
        return Place(day.next, .duplicate, movement(payment))
    }

    private mutating func giveBackByOthers(_ payment: BookedPayment) -> Place {
        let line = BillLine(
            kind: .refund, transaction: payment.payment.ref.transaction, number: "by hand 1", reference: "re-hand",
            amount: Money(amount: 1, currency: payment.payment.amount.currency), fee: 0, at: payment.bookedAt)
        list(line)
        return Place(BilledMonth.day(line.at), .missingHere, line.movement)
    }

    /// One refund of which we never heard that it is through, one that is settled only here, and one that no bill lists.
    private mutating func leaveOpen() -> Set<Place> {
        var places: Set<Place> = []
        // Each at a payment of its own with one refund, so that no other can stand in for it.
        let single = refunds.indices.filter { index in refunds.count { $0.transaction == refunds[index].transaction } == 1 }
        guard single.count >= 3 else { return [] }
        func lines(_ refund: BookedRefund) -> [(day: CalendarDay, line: BillLine)] {
            bills.flatMap { day, lines in
                lines.filter { $0.kind == .refund && $0.transaction == refund.transaction }.map { (day, $0) }
            }
        }
        let open = refunds[single[0]]
        refunds[single[0]] = BookedRefund(
            number: open.number, transaction: open.transaction, amount: open.amount, openedAt: open.openedAt, settled: nil)
        for (day, line) in lines(open) where line.isFinal { places.insert(Place(day, .state, line.movement)) }

        let early = refunds[single[1]]
        for (day, line) in lines(early) {
            bills[day]!.removeAll { $0.kind == .refund && $0.transaction == early.transaction }
            guard line.isFinal else { continue }
            bills[day]!.append(line.final(false))
            places.insert(Place(day, .state, line.movement))
            let at = day.start(offset: BilledMonth.terms.offset) + .seconds(1)
            refunds[single[1]] = BookedRefund(
                number: early.number, transaction: early.transaction, amount: early.amount, openedAt: min(early.openedAt, at),
                settled: BookedRefund.Settled(at: at, bookedAt: at))
        }

        let unlisted = refunds[single[2]]
        for (day, _) in lines(unlisted) { bills[day]!.removeAll { $0.kind == .refund && $0.transaction == unlisted.transaction } }
        places.insert(
            Place(
                BilledMonth.day(unlisted.settled!.bookedAt), .missingThere,
                BillMovement(.refund, unlisted.transaction, part: unlisted.number.description)))
        return places
    }
}

extension BillLine {
    func with(amount: Money, fee: Int64?) -> BillLine {
        BillLine(
            kind: kind, transaction: transaction, number: number, reference: reference, amount: amount,
            fee: fee ?? BilledMonth.terms.fee!.fee(of: amount.amount), at: at, isFinal: isFinal)
    }

    func numbered(_ number: String) -> BillLine {
        BillLine(
            kind: kind, transaction: transaction, number: number, reference: reference, amount: amount, fee: fee, at: at, isFinal: isFinal)
    }

    func final(_ isFinal: Bool) -> BillLine {
        BillLine(
            kind: kind, transaction: transaction, number: number, reference: reference, amount: amount, fee: fee, at: at, isFinal: isFinal)
    }
}
