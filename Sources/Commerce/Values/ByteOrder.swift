/// Texts compared by their UTF-8, which is what is stored, hashed and sent.
///
/// Values are compared for every write and every merge; the views of a `String` would be
/// asked byte by byte through a protocol.
extension String {
    /// Whether both are the same UTF-8, which `==` does not promise.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return ByteOrder.over(self, other, ByteOrder.same) ?? utf8.elementsEqual(other.utf8)
    }
}

enum ByteOrder {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Whether `left` comes first: the same in every language a peer is written in, unlike `String.<`.
    static func precedes(_ left: String, _ right: String) -> Bool {
        over(left, right, isBefore) ?? left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// nil for a text that does not lie in one piece.
    fileprivate static func over(_ left: String, _ right: String, _ body: (Bytes, Bytes) -> Bool) -> Bool? {
        let answer = left.utf8.withContiguousStorageIfAvailable { ours in
            right.utf8.withContiguousStorageIfAvailable { theirs in body(ours, theirs) }
        }
        return answer ?? nil
    }

    /// Of the same length.
    fileprivate static func same(_ left: Bytes, _ right: Bytes) -> Bool {
        let (ours, theirs) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
        var index = 0
        while index + 8 <= ours.count {
            let one = ours.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard one == theirs.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
            index += 8
        }
        while index < ours.count {
            guard ours[index] == theirs[index] else { return false }
            index += 1
        }
        return true
    }

    private static func isBefore(_ left: Bytes, _ right: Bytes) -> Bool {
        var index = 0
        while index < left.count, index < right.count {
            if left[index] != right[index] { return left[index] < right[index] }
            index += 1
        }
        return left.count < right.count
    }
}
