/// Works out what has become of an after-sale case from the set of its facts and the refunds opened for it.
///
/// Like ``OrderFold`` it takes every set: order of arrival and repetition change nothing.
package enum AfterSaleFold {
    /// A fact and when it happened.
    package typealias Told = (fact: AfterSaleFact, at: Timestamp)

    /// - Parameter told: each fact once, the earliest first.
    package static func state(of id: EntityID, _ told: [Told], refunds: [RefundState]) -> AfterSaleState {
        var state = AfterSaleState(id: id)
        state.refunds = refunds
        var dates: [AfterSaleFact.Kind: Timestamp] = [:]
        var answers: [(number: Int, answer: AfterSaleAnswer, at: Timestamp)] = []
        var ruling: Ruling?
        for (fact, at) in told {
            dates[fact.kind] = dates[fact.kind] ?? at
            switch fact {
            case .asked(let claim):
                state.claim = claim
                state.askedAt = at
            case .answered(let number, let answer): answers.append((number, answer, at))
            case .taken(let goods, let warehouse):
                state.goodsBack = goods
                state.warehouse = warehouse
                state.takenAt = at
            case .sent: state.isSent = true
            case .reshipped: state.isReshipped = true
            case .arbitrated(let what): ruling = what
            case .complained, .withdrawn: break
            }
        }
        answers.sort { $0.number < $1.number }
        state.answers = answers.last?.number ?? 0
        state.terms = terms(state.claim, answers.map(\.answer), ruling)
        guard let claim = state.claim else { return state }
        let verdict = Verdict(answers.last?.answer, ruling, isDisputed: dates[.complained] != nil)
        state.isGranted = verdict == .granted && dates[.withdrawn] == nil
        state.phase = phase(state, claim, verdict, isWithdrawn: dates[.withdrawn] != nil)
        state.since = since(state.phase, asked: state.askedAt, answered: answers.last?.at, dates)
        return state
    }

    private static func terms(_ claim: AfterSaleClaim?, _ answers: [AfterSaleAnswer], _ ruling: Ruling?) -> [LineShare] {
        if case .forBuyer(let lines) = ruling { return lines }
        for answer in answers.reversed() {
            if case .offer(let lines) = answer.word { return lines }
        }
        return claim?.lines ?? []
    }

    private static func phase(
        _ state: AfterSaleState, _ claim: AfterSaleClaim, _ verdict: Verdict, isWithdrawn: Bool
    ) -> AfterSalePhase {
        if isWithdrawn { return .withdrawn }
        switch verdict {
        case .granted: break
        case .asked: return .asked
        case .offered: return .offered
        case .declined: return .declined
        case .disputed: return .disputed
        case .dismissed: return .dismissed
        }
        if claim.kind.bringsGoodsBack, state.takenAt == nil { return state.isSent ? .returning : .agreed }
        if claim.kind.sendsGoods { return state.isReshipped ? .settled : .resending }
        return state.refunded >= state.granted ? .settled : .refunding
    }

    private static func since(
        _ phase: AfterSalePhase, asked: Timestamp?, answered: Timestamp?, _ dates: [AfterSaleFact.Kind: Timestamp]
    ) -> Timestamp? {
        switch phase {
        case .expected: nil
        case .asked, .offered, .declined: answered ?? asked
        case .agreed: dates[.arbitrated] ?? answered
        case .returning: dates[.sent]
        case .refunding, .resending, .settled: dates[.taken] ?? dates[.arbitrated] ?? answered
        case .disputed: dates[.complained]
        case .dismissed: dates[.arbitrated]
        case .withdrawn: dates[.withdrawn]
        }
    }
}

/// What both sides and the arbiter have made of a claim.
private enum Verdict {
    case asked, offered, granted, declined, disputed, dismissed

    /// An arbiter stands above a complaint, a complaint above what was answered, the last answer above all others.
    init(_ last: AfterSaleAnswer?, _ ruling: Ruling?, isDisputed: Bool) {
        switch ruling {
        case .forBuyer: self = .granted
        case .forSeller: self = .dismissed
        case nil where isDisputed: self = .disputed
        case nil:
            switch (last?.word, last?.side) {
            case (nil, _): self = .asked
            case (.agree, _): self = .granted
            case (.decline, _): self = .declined
            case (.offer, .buyer): self = .asked
            case (.offer, _): self = .offered
            }
        }
    }
}
