import ChannelAdapters
package import Commerce

/// Tells whether what a channel shows is what it would make of a value.
package struct Likeness {
    let settings: ChannelSettings
    let capabilities: Capabilities
    /// A planted fault: echoes are taken for what was sent.
    var ignoresProjection = false

    /// A value as the channel stores it.
    func projected(_ value: JSON, _ unit: UnitName) -> JSON {
        if ignoresProjection { return value }
        return settings.projection.apply(to: capabilities.projection.apply(to: value, unit: unit), unit: unit)
    }

    func normal(_ value: JSON?, _ unit: UnitRef) -> JSON? { Likeness.normal(value, unit) }

    /// The unit's normal form of a value; the value itself where the unit refuses it, which the store then says.
    package static func normal(_ value: JSON?, _ unit: UnitRef) -> JSON? {
        guard let value else { return nil }
        do throws(ValidationFailure) {
            return try UnitCatalog.definition(unit.entity.kind, unit.unit).validate(value)
        } catch {
            return value
        }
    }

    func matches(_ shown: JSON?, _ value: JSON?, _ unit: UnitRef) -> Bool {
        switch (shown, value) {
        case (nil, nil): return true
        case (let shown?, let value?):
            let stored = projected(value, unit.unit)
            if shown == value || shown == stored { return true }
            let normal = normal(shown, unit)
            return normal == value || normal == stored
        case (nil, _?), (_?, nil): return false
        }
    }
}
