/// Cuts a stream of bytes into lines, in constant memory.
struct LineSplitter: Sendable {
    struct Line {
        /// Without the line end; empty when the line was too long.
        let bytes: [UInt8]
        /// Counted from 1.
        let number: Int
        /// The bytes of a line over the limit, else nil.
        let tooLong: Int?
    }

    static let bytesMax = 4 << 20

    private var held: [UInt8] = []
    private var dropped = 0
    private var number = 1

    mutating func read(_ chunk: [UInt8], _ emit: (Line) -> Void) {
        var start = 0
        while let index = chunk[start...].firstIndex(of: 0x0A) {
            keep(chunk[start..<index])
            close(emit)
            start = index + 1
        }
        keep(chunk[start...])
    }

    mutating func finish(_ emit: (Line) -> Void) {
        if !held.isEmpty || dropped > 0 { close(emit) }
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard dropped == 0, held.count + bytes.count <= LineSplitter.bytesMax else {
            dropped += held.count + bytes.count
            held.removeAll()
            return
        }
        held.append(contentsOf: bytes)
    }

    private mutating func close(_ emit: (Line) -> Void) {
        if held.last == 0x0D { held.removeLast() }
        if number == 1, held.starts(with: [0xEF, 0xBB, 0xBF]) { held.removeFirst(3) }
        emit(Line(bytes: held, number: number, tooLong: dropped > 0 ? dropped : nil))
        held.removeAll(keepingCapacity: true)
        dropped = 0
        number += 1
    }
}
