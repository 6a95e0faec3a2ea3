/// Something that happened in one after-sale case.
package enum AfterSaleFact: Hashable, Sendable {
    case asked(AfterSaleClaim)
    /// An answer to the claim or to an offer; the highest number is the one that stands.
    case answered(Int, AfterSaleAnswer)
    /// The buyer sent the goods back.
    case sent(carrier: String, tracking: String)
    /// The goods came back and somebody looked at them.
    case taken([ReturnedGoods], WarehouseID)
    /// Goods went out again, by this parcel of the carrier's.
    case reshipped(carrier: String, tracking: String)
    case complained(reason: String)
    case arbitrated(Ruling)
    case withdrawn

    package enum Kind: String, CaseIterable, Sendable, Comparable {
        case asked, answered, sent, taken, reshipped, complained, arbitrated, withdrawn

        package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    package var kind: Kind {
        switch self {
        case .asked: .asked
        case .answered: .answered
        case .sent: .sent
        case .taken: .taken
        case .reshipped: .reshipped
        case .complained: .complained
        case .arbitrated: .arbitrated
        case .withdrawn: .withdrawn
        }
    }

    var key: String {
        if case .answered(let number, _) = self { "answered:\(number)" } else { kind.rawValue }
    }
}

/// What the buyer asks for, why, and what shows it.
package struct AfterSaleClaim: Hashable, Sendable {
    package let kind: AfterSaleKind
    package let lines: [LineShare]
    package let reason: String
    /// Where pictures and the like are kept.
    package let evidence: [String]

    package init(kind: AfterSaleKind, lines: [LineShare], reason: String, evidence: [String] = []) {
        self.kind = kind
        self.lines = lines
        self.reason = reason
        self.evidence = evidence
    }
}

/// What one side says to the other.
package struct AfterSaleAnswer: Hashable, Sendable {
    package enum Side: String, CaseIterable, Sendable { case seller, buyer, timer }
    package enum Word: Hashable, Sendable {
        case agree
        /// Something else instead: other pieces, less money.
        case offer([LineShare])
        case decline(reason: String)
    }

    package let side: Side
    package let word: Word

    package init(by side: Side, _ word: Word) {
        self.side = side
        self.word = word
    }
}

/// What an arbiter decided; nothing is answered after it.
package enum Ruling: Hashable, Sendable {
    case forBuyer([LineShare])
    case forSeller(reason: String)
}
