import Commerce
import ConflictResolution
import Foundation

/// The bytes of a unit's clock and of which changes are alive.
///
/// Numbers as base-128 varints: count of clock entries, then (actor, count) each;
/// for a unit's state also the count of living versions, then (actor, count, seq).
/// A unit that two ends write costs about ten bytes.
struct UnitState {
    struct Living {
        let dot: Dot
        let sequence: Int64
    }

    var clock: VectorClock
    var living: [Living]

    static func encode(_ clock: VectorClock, _ directory: Directory) -> Data { Data(bytes(of: clock, directory)) }

    static func bytes(of clock: VectorClock, _ directory: Directory) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + clock.entries.count * 4)
        append(clock, to: &bytes, directory)
        return bytes
    }

    func bytes(_ directory: Directory) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 + clock.entries.count * 4 + living.count * 8)
        UnitState.append(clock, to: &bytes, directory)
        UnitState.append(UInt64(living.count), to: &bytes)
        for version in living {
            UnitState.append(UInt64(directory.numberKnown(version.dot.actor)), to: &bytes)
            UnitState.append(version.dot.count, to: &bytes)
            UnitState.append(UInt64(version.sequence), to: &bytes)
        }
        return bytes
    }

    static func decodeClock(_ data: Data, _ directory: Directory) throws(StoreError) -> VectorClock {
        try lying(data) { bytes throws(StoreError) in try decodeClock(bytes, directory) }
    }

    static func decode(_ data: Data, _ directory: Directory) throws(StoreError) -> UnitState {
        try lying(data) { bytes throws(StoreError) in try decode(bytes, directory) }
    }

    private static func lying<T>(
        _ data: Data, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> T
    ) throws(StoreError) -> T {
        let result: Result<T, StoreError> = data.withUnsafeBytes { bytes in
            do throws(StoreError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    static func decodeClock(_ bytes: UnsafeRawBufferPointer, _ directory: Directory) throws(StoreError) -> VectorClock {
        var reader = VarintReader(bytes)
        return try reader.clock(directory)
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, _ directory: Directory) throws(StoreError) -> UnitState {
        var reader = VarintReader(bytes)
        let clock = try reader.clock(directory)
        let count = try reader.next()
        var living: [Living] = []
        for _ in 0..<count {
            let actor = try reader.actor(directory)
            let dot = Dot(actor: actor, count: try reader.next())
            living.append(Living(dot: dot, sequence: Int64(clamping: try reader.next())))
        }
        return UnitState(clock: clock, living: living)
    }

    private static func append(_ clock: VectorClock, to bytes: inout [UInt8], _ directory: Directory) {
        append(UInt64(clock.entries.count), to: &bytes)
        for entry in clock.entries {
            append(UInt64(directory.numberKnown(entry.actor)), to: &bytes)
            append(entry.count, to: &bytes)
        }
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

private struct VarintReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() throws(StoreError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count, shift < 64 {
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .corrupt("a clock ends in the middle")
    }

    mutating func actor(_ directory: Directory) throws(StoreError) -> Actor {
        let number = Int64(clamping: try next())
        guard let actor = directory.actor(number) else { throw .corrupt("a clock names actor \(number), which is not listed") }
        return actor
    }

    mutating func clock(_ directory: Directory) throws(StoreError) -> VectorClock {
        var clock = VectorClock()
        for _ in 0..<(try next()) {
            let actor = try self.actor(directory)
            clock.raise(actor, to: try next())
        }
        return clock
    }
}

extension Directory {
    /// The number of an actor that has been interned before it could enter any clock.
    func numberKnown(_ actor: Actor) -> Int64 {
        guard let number = number(of: actor) else { preconditionFailure("a clock names an actor nobody introduced") }
        return number
    }
}
