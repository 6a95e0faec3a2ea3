/// Which writes somebody has seen, every single one of them: the history a vector clock stands for.
struct EventSet: Equatable {
    private var words: [UInt64] = []

    init() {}

    func contains(_ event: Int) -> Bool {
        event / 64 < words.count && words[event / 64] & (1 << UInt64(event % 64)) != 0
    }

    mutating func insert(_ event: Int) {
        while words.count <= event / 64 { words.append(0) }
        words[event / 64] |= 1 << UInt64(event % 64)
    }

    mutating func formUnion(_ other: EventSet) {
        while words.count < other.words.count { words.append(0) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    func isSubset(of other: EventSet) -> Bool {
        for (index, word) in words.enumerated() {
            if word & ~(index < other.words.count ? other.words[index] : 0) != 0 { return false }
        }
        return true
    }

    /// In rising order.
    var events: [Int] {
        var events: [Int] = []
        for (index, word) in words.enumerated() {
            for bit in 0..<64 where word & (1 << UInt64(bit)) != 0 { events.append(index * 64 + bit) }
        }
        return events
    }
}
