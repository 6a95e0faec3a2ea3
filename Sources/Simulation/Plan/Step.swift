/// One thing somebody does in a simulated world, and how long nobody does anything after it.
package struct Step: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An operator of the hub writes a unit.
        case write
        /// A person at a channel writes a unit.
        case edit
        /// An operator deletes an entity.
        case delete
        /// A channel goes dark or comes back.
        case dark
        /// A channel calls back that entities changed; `unit` says which, `number` how often the call comes.
        case callback
        /// Only a callback tells of an edit, and the hub's process ends before it could read what it names.
        case hint
        /// The hub ends in order and starts again.
        case restart
        /// The hub's process is killed and starts again.
        case kill
        /// The hub takes a backup.
        case backup
        /// The hub's last backup is put back.
        case restore
        /// A channel takes a backup of its own.
        case keep
        /// A channel's last backup is put back.
        case rewind
        /// Another shop stands behind a channel's address.
        case relink
        /// An operator deletes an entity, and it is buried as soon as may be while one channel is away.
        case bury
        /// One channel chokes on one unit and another is dark; the rest must come in step meanwhile.
        case poison
        /// Buyers and the seller act on some orders, several at once.
        case trade
        /// A channel has sold goods on its own, within its right or beyond it.
        case oversell
        /// The hub's wall clock jumps, forward or back.
        case jump
        /// A payment platform goes dark or comes back, changes its keys, or the hub reads its accounts' keys again.
        case platform
    }

    package let kind: Kind
    /// Which channel and which unit, by index; what has none ignores it.
    package let channel: Int
    package let unit: Int
    /// Makes the value told apart from all others.
    package let number: Int
    /// Virtual milliseconds until the next step.
    package let pause: Int

    package init(_ kind: Kind, channel: Int, unit: Int, number: Int, pause: Int) {
        self.kind = kind
        self.channel = channel
        self.unit = unit
        self.number = number
        self.pause = pause
    }
}

extension Step: CustomStringConvertible {
    package var description: String { "\(kind.rawValue) channel \(channel) unit \(unit) #\(number), then \(pause) ms" }
}
