import Commerce
import ConflictResolution
import Foundation
import Store
import SyncEngine

/// What one operation costs in a store of many entities, or beside many channels, held against the smallest.
struct GrowthTrial: Trial {
    enum Operation: String, CaseIterable {
        /// One edit of one unit, 128 of them in a commit.
        case write
        /// One callback kept, 128 of them in a commit.
        case receive
        /// One entity read whole.
        case read
        /// One page of the feed planned for one channel, a unit.
        case feed
    }

    let name: String
    let unit = "µs each"
    let reference: String?
    let lessIsBetter = true
    /// At most twice the cost at the smallest size.
    let bars: [Bar] = [.ratioAtLeast(0.5)]
    private let operation: Operation
    private let entities: Int
    private let channels: Int
    private let place: Workplace
    private var large: Rig?
    private var small: Rig?
    private static let operations = 4_096

    static func all(_ place: Workplace) -> [GrowthTrial] {
        let entities = place.isQuick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]
        let channels = place.isQuick ? [10, 100] : [10, 100, 1_000]
        return entities.flatMap { count in Operation.allCases.map { GrowthTrial($0, count, 1, place) } }
            + channels.flatMap { count in [.write, .receive, .feed].map { GrowthTrial($0, 1_000, count, place) } }
    }

    private init(_ operation: Operation, _ entities: Int, _ channels: Int, _ place: Workplace) {
        self.operation = operation
        self.entities = entities
        self.channels = channels
        self.place = place
        name = channels == 1 ? "\(operation.rawValue)/\(entities)" : "\(operation.rawValue)/\(channels)ch"
        reference = channels == 1 ? "the same beside 1,000 entities" : "the same beside 1 channel"
    }

    mutating func prepare() async throws {
        large = try await rig(entities, channels)
        small = try await rig(1_000, 1)
    }

    private func rig(_ entities: Int, _ channels: Int) async throws -> Rig {
        let rig = try Rig(directory: try place.scratch.directory("growth"))
        try await Goods.fill(rig.store, products: entities)
        var settings = ChannelSettings()
        settings.pull = false
        let json = settings.json
        try await rig.store.write { writing throws(StoreError) in
            for number in 0..<channels { _ = try writing.putChannel(Goods.channel("c\(number)"), settings: json) }
        }
        return rig
    }

    func measure(round: Int) async throws -> Sample { try await cost(large, entities, round) }
    func measureReference(round: Int) async throws -> Sample? { try await cost(small, 1_000, round) }

    private func cost(_ rig: Rig?, _ entities: Int, _ round: Int) async throws -> Sample {
        guard let store = rig?.store else { throw MeasuringFailed(description: "there is no store to measure") }
        let operation = self.operation
        let seconds = try await HostTime.seconds {
            for start in stride(from: 0, to: GrowthTrial.operations, by: 128) {
                // Spread over all of it, so that a great store is felt.
                let numbers = (start..<start + 128).map { ($0 &* 7_919 &+ round &* 104_729) % entities }
                switch operation {
                case .write, .receive: try await GrowthTrial.write(operation, numbers, start, round, store)
                case .read, .feed: try await GrowthTrial.read(operation, numbers, entities, store)
                }
            }
        }
        return Sample(seconds * 1e6 / Double(GrowthTrial.operations))
    }

    private static func write(_ operation: Operation, _ numbers: [Int], _ start: Int, _ round: Int, _ store: Store) async throws {
        try await store.write { writing throws(StoreError) in
            let channel = try writing.reading.requireChannel(Goods.channel("c0"))
            for (index, number) in numbers.enumerated() {
                if operation == .write {
                    let value = Goods.value(number * 100 + round * 10 + 1 + index % 5)
                    _ = try writing.apply(
                        UnitWrite(UnitRef(Goods.product(number), Goods.text), value, author: "bench", origin: .api))
                } else {
                    let body = Array(RequestLoad.message(entity: "p\(number)", number: index).utf8)
                    _ = try writing.receive(channel, event: "g\(round)-\(start + index)", body: body)
                }
            }
        }
    }

    private static func read(_ operation: Operation, _ numbers: [Int], _ entities: Int, _ store: Store) async throws {
        try await store.read { reading throws(StoreError) in
            if operation == .feed {
                _ = try reading.feed(after: Int64(numbers[0] * max(1, entities - 200) / entities), limit: 128)
            } else {
                for number in numbers { _ = try reading.heads(Goods.product(number)) }
            }
        }
    }

    mutating func finish() async {
        await large?.stop()
        await small?.stop()
    }
}
