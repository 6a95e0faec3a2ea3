extension OrderState {
    /// Whether a case may take its next step; asked through ``admit(_:)``.
    func admit(_ fact: AfterSaleFact, of id: EntityID) throws(OrderRefusal) {
        if case .asked(let claim) = fact {
            guard afterSale(id) == nil else { throw .unknown("free case \(id): it was asked already") }
            try admit(claim)
            return
        }
        guard let state = afterSale(id), let claim = state.claim else { throw .unknown("after-sale case \(id)") }
        switch fact {
        case .asked: break
        case .answered(let number, let answer): try admit(answer, number, state, claim)
        case .sent:
            guard state.phase == .agreed else { throw .afterSale(state.phase, wanted: "goods come back when that is agreed") }
        case .taken(let goods, _):
            guard state.phase == .agreed || state.phase == .returning else {
                throw .afterSale(state.phase, wanted: "goods are taken back once, when that is agreed")
            }
            try covers(goods, state)
        case .reshipped:
            guard state.phase == .resending else { throw .afterSale(state.phase, wanted: "goods go out again when that is due") }
        case .complained:
            guard [.asked, .offered, .declined, .agreed, .returning].contains(state.phase) else {
                throw .afterSale(state.phase, wanted: "a complaint is about what is not settled")
            }
        case .arbitrated(let ruling):
            guard state.phase == .disputed else { throw .afterSale(state.phase, wanted: "an arbiter decides about a complaint") }
            if case .forBuyer(let lines) = ruling { try bound(lines, claim.kind, besides: id) }
        case .withdrawn:
            guard [.asked, .offered, .agreed, .disputed].contains(state.phase), state.opened == 0, state.takenAt == nil
            else { throw .afterSale(state.phase, wanted: "it is withdrawn before goods or money move") }
        }
    }

    private func admit(
        _ answer: AfterSaleAnswer, _ number: Int, _ state: AfterSaleState, _ claim: AfterSaleClaim
    ) throws(OrderRefusal) {
        guard number == state.answers + 1 else { throw .outOfTurn(next: state.answers + 1) }
        let turn: [AfterSalePhase] =
            switch answer.side {
            case .buyer: [.offered]
            case .timer: [.asked, .offered, .agreed]
            // The seller may change his mind for the buyer, and about goods that came back otherwise than was said.
            case .seller: state.opened == 0 && state.takenAt != nil ? [.asked, .declined, .refunding, .resending] : [.asked, .declined]
            }
        guard turn.contains(state.phase) else { throw .afterSale(state.phase, wanted: "it is not the \(answer.side.rawValue)'s turn") }
        if answer.side == .timer, !answer.word.isSilence(in: state.phase) {
            throw .afterSale(state.phase, wanted: "a seller's silence is agreement, a buyer's is refusal")
        }
        switch answer.word {
        case .offer(let lines): try bound(lines, claim.kind, besides: state.id)
        case .agree:
            // What was free when it was asked may have gone back another way since.
            try bound(state.terms, claim.kind, besides: state.id)
        case .decline: break
        }
    }

    private func admit(_ claim: AfterSaleClaim) throws(OrderRefusal) {
        let phases: [OrderPhase] =
            claim.kind == .callOff ? [.paid, .partlyShipped] : [.partlyShipped, .shipped, .received, .completed]
        guard phases.contains(phase) else {
            throw .wrongPhase(phase, wanted: "\(claim.kind.rawValue) is asked for in \(phases.map(\.rawValue).joined(separator: ", "))")
        }
        guard !claim.lines.isEmpty else { throw .unknown("line in the claim") }
        try bound(claim.lines, claim.kind, besides: nil)
    }

    /// No piece and no minor unit may be promised in two cases at once.
    private func bound(_ shares: [LineShare], _ kind: AfterSaleKind, besides id: EntityID?) throws(OrderRefusal) {
        for (line, share) in shares.summed {
            guard let state = self.line(line) else { throw .noSuchLine(line) }
            guard share.pieces >= 0, share.amount >= 0, share.pieces > 0 || share.amount > 0 else {
                throw .amount(share.amount, wanted: "a claim is about pieces or money")
            }
            let there = free(state, kind, besides: id)
            guard share.pieces <= there else { throw .pieces(line: line, wanted: share.pieces, there: there) }
            guard kind.givesMoneyBack || share.amount == 0 else { throw .amount(share.amount, wanted: "\(kind.rawValue) gives no money back") }
            let left = unclaimed(state, besides: id)
            guard share.amount <= left else { throw .lineBound(line: line, wanted: share.amount, left: left) }
        }
    }

    /// Pieces of a line that a claim of this kind can be about, and that no other case is about.
    private func free(_ line: OrderLineState, _ kind: AfterSaleKind, besides id: EntityID?) -> Int64 {
        let number = line.line.number
        let others = afterSales.filter { $0.id != id && $0.isOpen && ($0.claim?.kind == .callOff) == (kind == .callOff) }
        if kind == .callOff {
            // What was granted has left the outstanding pieces already, this case's own with it.
            let own = afterSales.first { $0.id == id && $0.isGranted }?.pieces(of: number) ?? 0
            return line.outstanding + own - others.reduce(0) { $0 + ($1.isGranted ? 0 : $1.pieces(of: number)) }
        }
        // Goods that are not sent are with their buyer as soon as they are paid.
        let out = line.line.isSent && !isPickedUp ? line.shipped : line.line.quantity
        let calledOff = afterSales.filter { $0.claim?.kind == .callOff }.flatMap(\.refunds)
        let gone = line.openedPieces - calledOff.flatMap(\.refund.lines).reduce(0) { $0 + ($1.line == number ? $1.pieces : 0) }
        return max(0, out - gone - others.reduce(0) { $0 + $1.pending(number).pieces })
    }

    /// What is left of a line's price when every open case takes what it is about.
    func unclaimed(_ line: OrderLineState, besides id: EntityID?) -> Int64 {
        let others = afterSales.filter { $0.id != id && $0.isOpen }
        return max(0, line.left - others.reduce(0) { $0 + $1.pending(line.line.number).amount })
    }

    private func covers(_ goods: [ReturnedGoods], _ state: AfterSaleState) throws(OrderRefusal) {
        guard goods.allSatisfy({ $0.pieces > 0 }) else { throw .amount(0, wanted: "name the pieces that came back") }
        let agreed = Dictionary(uniqueKeysWithValues: state.terms.summed.map { ($0.line, $0.share.pieces) })
        for (line, pieces) in goods.map({ LinePieces(line: $0.line, pieces: $0.pieces) }).summed {
            let there = agreed[line] ?? 0
            guard pieces <= there else { throw .pieces(line: line, wanted: pieces, there: there) }
        }
    }
}

extension AfterSaleAnswer.Word {
    fileprivate func isSilence(in phase: AfterSalePhase) -> Bool {
        switch self {
        case .agree: phase == .asked
        case .decline: phase != .asked
        case .offer: false
        }
    }
}

extension AfterSaleState {
    fileprivate func pieces(of line: Int) -> Int64 { terms.reduce(0) { $0 + ($1.line == line ? $1.pieces : 0) } }

    /// What the case may still take of a line, beyond what its refunds have taken already.
    func pending(_ line: Int) -> LineShare {
        let wanted = terms.summed.first { $0.line == line }?.share
        let taken = refunds.flatMap(\.refund.lines).summed.first { $0.line == line }?.share
        return LineShare(
            line: line, pieces: max(0, (wanted?.pieces ?? 0) - (taken?.pieces ?? 0)),
            amount: claim?.kind.givesMoneyBack == true ? max(0, (wanted?.amount ?? 0) - (taken?.amount ?? 0)) : 0)
    }
}
