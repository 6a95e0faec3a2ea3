package import Commerce

/// A place in a unit's value that wants another entity's id.
package struct Link: Sendable {
    package enum Slot: Hashable, Sendable {
        /// The member of this name holds the id.
        case member(String)
        /// The value is the list of ids.
        case list
    }

    package let unit: UnitName
    package let slot: Slot
    package var targets: [Target]

    /// Another entity, by its names; `title` is the path of titles it is known by to people.
    package struct Target: Sendable {
        package let aliases: [Alias]
        package let title: [String]

        package init(aliases: [Alias], title: [String] = []) {
            self.aliases = aliases
            self.title = title
        }
    }

    package init(unit: UnitName, slot: Slot, targets: [Target]) {
        self.unit = unit
        self.slot = slot
        self.targets = targets
    }
}

extension Link {
    /// A product's brand by the name people know it by.
    static func brand(named name: String) -> Link {
        Link(
            unit: Units.brand, slot: .member("id"),
            targets: [Target(aliases: [Alias(.brand, Alias.titleNamespace, name)], title: [name])])
    }

    /// A product's categories, each by the path of titles from the top.
    static func categories(_ paths: [[String]]) -> Link {
        Link(unit: Units.categories, slot: .list, targets: paths.map(Target.category))
    }
}

extension Link.Target {
    static func category(_ path: [String]) -> Link.Target {
        Link.Target(
            aliases: [Alias(.category, Alias.titleNamespace, CategoryPath.joined(path))], title: path)
    }
}
