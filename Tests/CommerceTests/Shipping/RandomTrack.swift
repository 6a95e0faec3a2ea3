import Commerce
import Simulation

/// Made-up ways of parcels, and services that tell them badly.
struct RandomTrack {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    static let start = Timestamp(milliseconds: 1_760_000_000_000)

    /// Everything that is told of one parcel, by one to three accounts, some of it for the same nodes.
    mutating func nodes() -> [TrackNode] {
        let sources = Array(["kd", "sf", "17"].prefix(Int.random(in: 1...3, using: &random)))
        var at = RandomTrack.start
        var nodes: [TrackNode] = []
        for number in 0..<Int.random(in: 1...14, using: &random) {
            at = at + .seconds(Int.random(in: 0...3, using: &random) == 0 ? 0 : Int.random(in: 1...40_000, using: &random))
            guard let phase = ParcelPhase.allCases.randomElement(using: &random) else { continue }
            for source in sources where Int.random(in: 0...2, using: &random) > 0 {
                let cut = Bool.random(using: &random) ? Timestamp(milliseconds: at.milliseconds / 60_000 * 60_000) : at
                let words = ["到达站点", "已签收，请拨打 138****0000", "派送中", "Arrived at hub \(number)", "\(number)"]
                nodes.append(
                    TrackNode(
                        TrackingEvent(
                            at: cut, phase: phase, text: words.randomElement(using: &random) ?? "", place: Bool.random(using: &random) ? "上海" : nil,
                            code: Bool.random(using: &random) ? "\(phase.course0)" : ""), from: source))
            }
        }
        return nodes
    }

    /// The same, as it arrives: in batches, some of which leave out what came before, some of which come again.
    mutating func reports(of nodes: [TrackNode]) -> [[TrackNode]] {
        var reports: [[TrackNode]] = []
        for node in nodes.shuffled(using: &random) {
            var batch = [node] + nodes.filter { _ in Int.random(in: 0...3, using: &random) == 0 }
            batch.shuffle(using: &random)
            reports.append(batch)
        }
        reports += reports.filter { _ in Bool.random(using: &random) }
        reports.shuffle(using: &random)
        return reports
    }
}

extension ParcelPhase {
    fileprivate var course0: Int { ParcelPhase.allCases.firstIndex(of: self) ?? 0 }
}

/// An event of a test, so many hours after the start.
func node(_ hours: Int, _ phase: ParcelPhase, _ text: String? = nil, code: String = "", from source: String = "kd") -> TrackNode {
    TrackNode(
        TrackingEvent(at: RandomTrack.start + .seconds(hours * 3_600), phase: phase, text: text ?? phase.rawValue, code: code), from: source)
}
