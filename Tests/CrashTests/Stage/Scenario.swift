import ChannelAdapters
import Commerce
import Simulation

/// Something the daemon does, in steps, between which and in which the power may go.
struct Scenario: Sendable {
    /// A shop at the other end.
    enum Shop: Sendable {
        case clocks(String)
        /// One that keeps clocks and writes values in its own spelling.
        case wordy(String)
        case plain(String)
        /// One without clocks that cuts long titles and sorts tags.
        case lossy(String)

        func open(_ executor: SeededExecutor, seed: UInt64) -> SimulatedChannel {
            switch self {
            case .clocks(let id): Shop.open(id, clocks: true, on: executor, seed: seed)
            case .wordy(let id): Shop.open(id, clocks: true, spelling: Shop.spelledOut, on: executor, seed: seed)
            case .plain(let id): Shop.open(id, clocks: false, on: executor, seed: seed)
            case .lossy(let id): Shop.open(id, clocks: false, projection: cutting, on: executor, seed: seed)
            }
        }

        private var cutting: Projection {
            Projection(rules: [
                ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 12)),
                ProjectionRule(family: "tags", member: nil, effect: .sort),
            ])
        }

        private static func open(
            _ id: String, clocks: Bool, projection: Projection = Projection(),
            spelling: @escaping @Sendable (JSON, UnitName) -> JSON = { value, _ in value },
            on executor: SeededExecutor, seed: UInt64
        ) -> SimulatedChannel {
            SimulatedChannel(
                id: ChannelID(id)!, keepsClocks: clocks, projection: projection, spelling: spelling, time: executor,
                random: SeededRandom(seed: seed &+ UInt64(id.utf8.count)))
        }

        private static func spelledOut(_ value: JSON, _ unit: UnitName) -> JSON {
            guard unit.family == "place", var object = value.object, object["parent"] == nil else { return value }
            object["parent"] = .null
            return .object(object)
        }
    }

    /// One thing that is done. The daemon's callers do theirs again until they have an answer; what happens
    /// outside happens once.
    struct Step: Sendable {
        let isOutside: Bool
        let run: @Sendable (Stage) throws -> Void
    }

    enum Allowed { case dead, rebirth, refusal }

    let name: String
    var shops: [Shop] = []
    /// What has happened before the power may go.
    var before: [Step] = []
    var steps: [Step]
    /// Whether the store is closed when the steps begin.
    var beginsClosed = false
    var allowed: Set<Allowed> = []
    /// What somebody does as soon as the store is open again, before any shop is reached.
    var atOnce: (@Sendable (Life) throws -> Void)?
    /// What must be so in the end beyond what always must.
    var outcome: @Sendable (Life) throws -> [String] = { _ in [] }
}

extension Scenario.Step {
    /// Somebody asks the daemon for something, and again until it answers.
    static func ask(_ run: @escaping @Sendable (Life) throws -> Void) -> Self {
        Self(isOutside: false) { stage in try run(try stage.living()) }
    }

    /// Something that needs the store closed, or opens and closes it.
    static func stage(_ run: @escaping @Sendable (Stage) throws -> Void) -> Self { Self(isOutside: false, run: run) }

    /// Something that happens at the shops.
    static func outside(_ run: @escaping @Sendable (Outside) throws -> Void) -> Self {
        Self(isOutside: true) { stage in try run(stage.outside) }
    }

    static let settle = ask { life in try life.settle() }
}
