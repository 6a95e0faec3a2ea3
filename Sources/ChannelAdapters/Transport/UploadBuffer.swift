import CCurl

/// The piece of a streamed request body that curl has not taken yet.
///
/// Holds one chunk at a time: the source is asked for the next when curl has sent this.
final class UploadBuffer {
    private var chunk: ArraySlice<UInt8> = []
    private var isEnded = false
    private var isClosed = false
    private var isPaused = false
    var onDrained: (() -> Void)?

    /// Whether another chunk can be offered now; false for ever once the transfer is over.
    var takesMore: Bool { !isClosed && chunk.isEmpty }
    var isOver: Bool { isClosed }

    /// - Returns: Whether curl sleeps and must be told to go on.
    func offer(_ bytes: [UInt8]) -> Bool {
        chunk = bytes[...]
        return wakes()
    }

    /// - Returns: Whether curl sleeps and must be told to go on.
    func end() -> Bool {
        isEnded = true
        return wakes()
    }

    func close() {
        isClosed = true
        drained()
    }

    /// Called by curl: fills its buffer, or says to come back later.
    func fill(_ target: UnsafeMutableRawBufferPointer) -> Int {
        guard !chunk.isEmpty else {
            if isEnded { return 0 }
            isPaused = true
            return Int(CURL_READFUNC_PAUSE)
        }
        let count = min(target.count, chunk.count)
        target.copyBytes(from: chunk.prefix(count))
        chunk = chunk.dropFirst(count)
        if chunk.isEmpty { drained() }
        return count
    }

    private func wakes() -> Bool {
        defer { isPaused = false }
        return isPaused
    }

    private func drained() {
        let wake = onDrained
        onDrained = nil
        wake?()
    }
}
