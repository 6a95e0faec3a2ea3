/// Which of an order's parcels: one that was shipped, or the one that went out again in an after-sale case.
package enum ParcelPart: Hashable, Sendable, CustomStringConvertible {
    case parcel(EntityID)
    case resent(EntityID)

    private static let resentMark = "as:"

    package var text: String {
        switch self {
        case .parcel(let id): id.text
        case .resent(let id): ParcelPart.resentMark + id.text
        }
    }

    /// Reads what ``text`` wrote.
    package init?(_ text: String) {
        let isResent = text.hasPrefix(ParcelPart.resentMark)
        guard let id = EntityID(isResent ? String(text.dropFirst(ParcelPart.resentMark.count)) : text) else { return nil }
        self = isResent ? .resent(id) : .parcel(id)
    }

    package var description: String { text }
}

/// A parcel that left, as its label and its order know it.
package struct DepartedParcel: Hashable, Sendable {
    package let part: ParcelPart
    /// As somebody wrote it.
    package let carrier: String
    /// As carriers print it; see ``TrackedNumber``.
    package let number: String
    package let leftAt: Timestamp
    /// The warehouse it came from; nil where that was not said.
    package let origin: WarehouseID?
    /// When it came, as the order was told.
    package let cameAt: Timestamp?
}

extension OrderState {
    /// All that left with a number by which it can be followed, those of after-sale cases too.
    package var departures: [DepartedParcel] {
        let shipped = parcels.map { parcel in
            DepartedParcel(
                part: .parcel(parcel.parcel.id), carrier: parcel.parcel.carrier, number: TrackedNumber.plain(parcel.parcel.tracking),
                leftAt: parcel.at, origin: parcel.parcel.warehouse, cameAt: parcel.deliveredAt)
        }
        let resent = timeline.compactMap { fact -> DepartedParcel? in
            guard case .afterSale(let id, .reshipped(let carrier, let tracking)) = fact.fact else { return nil }
            return DepartedParcel(
                part: .resent(id), carrier: carrier, number: TrackedNumber.plain(tracking), leftAt: fact.at, origin: nil, cameAt: nil)
        }
        return (shipped + resent).filter { !$0.number.isEmpty }
    }
}

/// How numbers of parcels are compared, for people type them with blanks and in small letters.
package enum TrackedNumber {
    package static func plain(_ text: String) -> String { text.filter { !$0.isWhitespace }.uppercased() }
}

/// The last digits of a phone number, which some carriers ask for; it never shows in a log.
package struct PhoneTail: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package let digits: String

    /// - Returns: nil for a number without four digits.
    package init?(_ phone: String) {
        let digits = phone.filter { $0.isASCII && $0.isNumber }.suffix(4)
        guard digits.count == 4 else { return nil }
        self.digits = String(digits)
    }

    package var description: String { "****" }
    package var debugDescription: String { "****" }
}
