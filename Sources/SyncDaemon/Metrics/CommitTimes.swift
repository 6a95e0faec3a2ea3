/// Remembers when the newest changes were committed, to tell how long a channel went without them.
struct CommitTimes: Sendable {
    /// So many commits at the most: a channel that is further behind is shown by its lag, not here.
    static let keptMax = 8_192

    private var commits: [(sequence: Int64, at: UInt64)] = []
    /// Nothing is known of the times of changes up to here.
    private var unknownThrough: Int64?
    private var confirmed: [String: Int64] = [:]

    mutating func note(_ sequence: Int64, at nanoseconds: UInt64) {
        if unknownThrough == nil { unknownThrough = sequence - 1 }
        commits.append((sequence, nanoseconds))
        // Half at once, so that the array is not moved at every commit.
        if commits.count > CommitTimes.keptMax {
            unknownThrough = commits[CommitTimes.keptMax / 2 - 1].sequence
            commits.removeFirst(CommitTimes.keptMax / 2)
        }
    }

    /// - Returns: Seconds since change `sequence` was committed; nil where that is not known or the channel
    ///   had confirmed as much before.
    mutating func confirmed(_ sequence: Int64, by channel: String, at nanoseconds: UInt64) -> Double? {
        guard sequence > confirmed[channel] ?? 0 else { return nil }
        confirmed[channel] = sequence
        guard let unknownThrough, sequence > unknownThrough else { return nil }
        var low = 0
        var high = commits.count
        while low < high {
            let middle = (low + high) / 2
            if commits[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        guard low < commits.count, nanoseconds >= commits[low].at else { return nil }
        return Double(nanoseconds - commits[low].at) / 1e9
    }
}
