package import ChannelAdapters
package import Commerce
import Crypto

/// A web shop or app backend in memory, as the hub meets it across the wire.
///
/// Knows nothing of HTTP: each method takes and returns decoded JSON. Keeps a ledger
/// of what the hub's requests really changed, so that a test counts effects here, at
/// the receiver, and not what the sender believes.
package actor ShopSimulator {
    package nonisolated let channel: ChannelID
    package nonisolated let face: ShopFace
    /// The name it counts its own writes under.
    package nonisolated let actorName: String
    package private(set) var dials: Dials
    let time: any TimeSource
    var dice: Dice
    var entities: [RemoteRef: HeldEntity] = [:]
    /// What pulls are answered from, oldest first.
    var log: [LoggedEdit] = []
    /// Operation id to how often it changed something.
    package internal(set) var ledger: [String: Int] = [:]
    package internal(set) var writes: [EffectiveWrite] = []
    /// Answers to operations by their id.
    var remembered: [String: RememberedAnswer] = [:]
    /// Counts up over all units and entities, so a version never comes back.
    private var lastVersion: Int64 = 0
    /// The hub's generation as its last batch named it.
    var hubGeneration: String?
    /// Edits already posted to the hub.
    var announced = 0
    /// What each unit was before it became something else, for whoever wants it back.
    var previous: [RemoteRef: [UnitName: HeldUnit]] = [:]
    var heldDigests = HeldDigests()
    /// What it sells each SKU from; below zero where it sold what it did not have.
    package internal(set) var shelf: [RemoteRef: Int64] = [:]
    /// Orders it has taken, oldest first.
    package internal(set) var orders: [ShopOrder] = []
    /// Orders already posted to the hub.
    var ordersTold = 0
    /// What the hub told of orders, by their numbers here.
    var standing: [String: JSON] = [:]
    private var orderCache: [String]?
    var changeOrderCache: [(updatedAt: Int64, name: String)]?

    /// - Parameter incarnation: Which life of the shop this is; another one counts afresh.
    package init(
        channel: ChannelID, face: ShopFace, incarnation: String, dials: Dials = Dials(), time: any TimeSource
    ) {
        self.channel = channel
        self.face = face
        self.dials = dials
        self.time = time
        actorName = "ch:\(channel):\(incarnation)"
        dice = Dice(seed: dials.seed)
    }

    /// Turns dials. A new seed starts the dice afresh.
    package func turn(_ turn: (inout Dials) -> Void) {
        let seed = dials.seed
        turn(&dials)
        if dials.seed != seed { dice = Dice(seed: dials.seed) }
    }

    package func turnDials(_ json: JSON) throws(ValidationFailure) {
        var turned = dials
        try turned.turn(json)
        turn { $0 = turned }
    }

    /// An edit by the shop's own people; nil removes the unit.
    package func edit(_ entity: RemoteRef, _ unit: UnitName, _ value: JSON?) {
        var held = entities[entity]?.units[unit] ?? HeldUnit()
        held.value = value.map { dials.stored($0, unit: unit) }
        if face == .deltaWithClocks {
            let count = held.clock[actorName] + 1
            held.clock[actorName] = count
            held.dot = DotToken(actor: actorName, count: UInt64(count))
        }
        put(held, entity, unit)
        guard let stored = entities[entity]?.units[unit] else { return }
        log.append(LoggedEdit(entity: entity, unit: unit, held: stored, isOwn: true))
    }

    /// Stores a unit under a new version.
    func put(_ held: HeldUnit, _ entity: RemoteRef, _ unit: UnitName) {
        let version = nextVersion()
        var stored = held
        stored.version = version
        stored.updatedAt = time.now().milliseconds
        if entities[entity] == nil { orderCache = nil }
        changeOrderCache = nil
        heldDigests.changed(entity)
        keepPast(of: entity)
        if let before = entities[entity]?.units[unit], before.value != stored.value { previous[entity, default: [:]][unit] = before }
        entities[entity, default: HeldEntity()].units[unit] = stored
        entities[entity]?.version = version
        entities[entity]?.updatedAt = stored.updatedAt
        entities[entity]?.isDeleted = false
    }

    /// Removes a whole entity and leaves a mark that it was there.
    func remove(_ entity: RemoteRef) {
        changeOrderCache = nil
        heldDigests.changed(entity)
        keepPast(of: entity)
        entities[entity]?.units = [:]
        entities[entity]?.version = nextVersion()
        entities[entity]?.updatedAt = time.now().milliseconds
        entities[entity]?.isDeleted = true
    }

    /// Reads the order of the names anew: one is gone for good.
    func forgetOrder() { orderCache = nil }

    private func keepPast(of entity: RemoteRef) {
        guard dials.staleReads > 0, let held = entities[entity] else { return }
        entities[entity]?.past = held.units
    }

    func nextVersion() -> Int64 {
        lastVersion += 1
        return lastVersion
    }

    /// Notes that an operation changed something.
    func count(_ operation: String, _ entity: RemoteRef, _ unit: UnitName?, _ value: JSON?) {
        ledger[operation, default: 0] += 1
        writes.append(EffectiveWrite(operation: operation, entity: entity, unit: unit, value: value))
    }

    /// All entities ever held, `kind/id`, by their bytes.
    var names: [String] {
        if let orderCache { return orderCache }
        let names = entities.keys.map(\.description).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        orderCache = names
        return names
    }
}
