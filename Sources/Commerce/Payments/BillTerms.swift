/// How an account's bills are kept and read.
package struct BillTerms: Hashable, Sendable {
    /// How far the gateway's calendar is ahead of UTC.
    package let offset: Duration
    /// How long after a day's end its bill is looked for first.
    package let firstLook: Duration
    /// What the gateway keeps of each payment; nil judges no fee.
    package let fee: FeeRate?
    /// How long what the gateway lists may be on its way to us before it counts as unknown here.
    package let patience: Duration
    /// How far back days are looked for when an account is first seen, or was not looked after for long.
    package let lookBackDays: Int

    package init(
        offset: Duration = .seconds(28_800), firstLook: Duration = .seconds(36_000), fee: FeeRate? = nil,
        patience: Duration = .seconds(21_600), lookBackDays: Int = 7
    ) {
        self.offset = offset
        self.firstLook = firstLook
        self.fee = fee
        self.patience = patience
        self.lookBackDays = lookBackDays
    }

    /// Clocks that agree this far agree; what was heard within it of midnight may be either day's.
    package static let slack = Duration.seconds(3_600)

    package func day(_ time: Timestamp) -> CalendarDay { CalendarDay(at: time, offset: offset) }
    /// When its bill is looked for first.
    package func firstLook(at day: CalendarDay) -> Timestamp { day.next.start(offset: offset) + firstLook }
}

/// What a gateway keeps of each payment.
///
/// Rounded for each payment by itself, to the nearest minor unit, halves up. What it gives back of a fee with
/// a refund is not judged: gateways differ, and round the rest of a rest.
package struct FeeRate: Hashable, Sendable {
    package let partsPerMillion: Int64

    package init(partsPerMillion: Int64) { self.partsPerMillion = partsPerMillion }

    package func fee(of amount: Int64) -> Int64 {
        Int64(clamping: (Int128(amount) * Int128(partsPerMillion) + 500_000) / 1_000_000)
    }
}
