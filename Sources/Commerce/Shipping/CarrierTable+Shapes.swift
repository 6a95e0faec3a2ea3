extension CarrierTable {
    /// Carriers whose numbers look like this one, the likeliest first; empty for a shape that is nobody's.
    ///
    /// A number never proves its carrier: digits alone fit several, and whoever asks the first in vain asks the next.
    ///
    ///     CarrierTable.candidates(for: "SF1234567890123")    // sf
    ///     CarrierTable.candidates(for: "78123456789012")     // zto
    package static func candidates(for number: String) -> [CarrierID] {
        let text = Array(number.utf8).filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }.map(upper)
        guard (8...40).contains(text.count), text.allSatisfy({ isDigit($0) || isLetter($0) }) else { return [] }
        var best: [CarrierID: Int] = [:]
        for shape in shapes where shape.fits(text) {
            guard let id = CarrierID(shape.carrier) else { continue }
            best[id] = max(best[id] ?? 0, shape.likelihood)
        }
        let order = Dictionary(rows.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
        return best.sorted { left, right in
            left.value != right.value ? left.value > right.value : order[left.key, default: .max] < order[right.key, default: .max]
        }.map(\.key)
    }

    /// What a carrier's numbers look like: how they begin, and what follows.
    private struct Shape {
        enum Rest { case digits(ClosedRange<Int>), either(ClosedRange<Int>), postal(String) }
        let carrier: String
        let prefixes: [String]
        let rest: Rest
        /// 100 where nobody else begins like that, less the more others fit too.
        let likelihood: Int

        func fits(_ text: [UInt8]) -> Bool {
            prefixes.contains { prefix in
                guard text.starts(with: prefix.utf8) else { return false }
                let tail = text.dropFirst(prefix.utf8.count)
                switch rest {
                case .digits(let length): return length.contains(tail.count) && tail.allSatisfy(CarrierTable.isDigit)
                case .either(let length): return length.contains(tail.count)
                case .postal(let country): return CarrierTable.isPostal(text, of: country)
                }
            }
        }
    }

    private static let shapes: [Shape] = [
        Shape(carrier: "sf", prefixes: ["SF"], rest: .digits(12...15), likelihood: 100),
        Shape(carrier: "sf", prefixes: [""], rest: .digits(12...12), likelihood: 40),
        Shape(carrier: "yto", prefixes: ["YT"], rest: .digits(13...13), likelihood: 100),
        Shape(carrier: "yunexpress", prefixes: ["YT"], rest: .digits(16...16), likelihood: 100),
        Shape(carrier: "zto", prefixes: ["73", "75", "76", "78"], rest: .digits(12...12), likelihood: 80),
        Shape(carrier: "sto", prefixes: ["77"], rest: .digits(13...13), likelihood: 80),
        Shape(carrier: "sto", prefixes: ["STO"], rest: .digits(10...13), likelihood: 100),
        Shape(carrier: "yunda", prefixes: ["31", "43", "46"], rest: .digits(11...13), likelihood: 75),
        Shape(carrier: "jt", prefixes: ["JT"], rest: .digits(13...13), likelihood: 100),
        Shape(carrier: "jd", prefixes: ["JDV", "JDX", "JDK", "JD0"], rest: .either(9...17), likelihood: 100),
        Shape(carrier: "jd", prefixes: ["JD"], rest: .either(11...18), likelihood: 90),
        Shape(carrier: "ems", prefixes: ["E"], rest: .postal("CN"), likelihood: 100),
        Shape(carrier: "ems", prefixes: ["E"], rest: .postal("CS"), likelihood: 100),
        Shape(carrier: "ems", prefixes: ["10", "11", "12", "13"], rest: .digits(11...11), likelihood: 70),
        Shape(carrier: "china-post", prefixes: ["R", "L", "C", "U", "V"], rest: .postal("CN"), likelihood: 100),
        Shape(carrier: "china-post", prefixes: ["98", "99"], rest: .digits(11...11), likelihood: 80),
        Shape(carrier: "deppon", prefixes: ["DPK"], rest: .digits(12...12), likelihood: 100),
        Shape(carrier: "danniao", prefixes: ["DN"], rest: .digits(12...14), likelihood: 90),
        Shape(carrier: "kuayue", prefixes: ["KY"], rest: .digits(11...14), likelihood: 95),
        Shape(carrier: "cainiao", prefixes: ["LP"], rest: .digits(14...14), likelihood: 95),
        Shape(carrier: "yanwen", prefixes: ["U", "V", "R"], rest: .postal("YP"), likelihood: 100),
        Shape(carrier: "fpx", prefixes: ["4PX"], rest: .either(12...16), likelihood: 100),
        Shape(carrier: "ups", prefixes: ["1Z"], rest: .either(16...16), likelihood: 100),
        Shape(carrier: "usps", prefixes: ["92", "93", "94", "95"], rest: .digits(18...20), likelihood: 95),
        Shape(carrier: "usps", prefixes: [""], rest: .postal("US"), likelihood: 100),
        Shape(carrier: "royal-mail", prefixes: [""], rest: .postal("GB"), likelihood: 100),
        Shape(carrier: "dhl", prefixes: ["JJD"], rest: .digits(12...18), likelihood: 100),
        Shape(carrier: "dhl", prefixes: [""], rest: .digits(10...10), likelihood: 50),
        Shape(carrier: "fedex", prefixes: [""], rest: .digits(12...12), likelihood: 35),
        Shape(carrier: "fedex", prefixes: [""], rest: .digits(15...15), likelihood: 35),
    ]

    /// Two letters, eight digits, their check digit, and where it was posted (UPU S10).
    private static func isPostal(_ text: [UInt8], of country: String) -> Bool {
        guard text.count == 13, text[..<2].allSatisfy(isLetter), text[2..<11].allSatisfy(isDigit), text[11...].elementsEqual(country.utf8)
        else { return false }
        let weights = [8, 6, 4, 2, 3, 5, 9, 7]
        let sum = zip(text[2..<10], weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
        let check = 11 - sum % 11
        return Int(text[10] - 48) == (check == 10 ? 0 : check == 11 ? 5 : check)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte - 32 : byte }
}
