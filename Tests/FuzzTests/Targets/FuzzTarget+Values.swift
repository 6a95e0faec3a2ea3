import Commerce
import TestKit

extension FuzzTarget {
    /// Values as channels and files bring them, checked by every unit there is.
    static let values = FuzzTarget(
        name: "values",
        seeds: UnitCatalog.all.flatMap { unit in UnitSamples.values(of: unit).prefix(2).map(\.text) },
        dictionary: ["\"title\":", "\"amount\":-1", "\"state\":\"on\"", "\"on_at\":1", "\"<p>\"", "\"url\":\"javascript:x\"", "null", "[]", "\"id\":\"a\""],
        cost: 20
    ) { bytes in
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { return nil }
        for unit in UnitCatalog.all {
            do throws(ValidationFailure) {
                let normal = try unit.validate(json)
                guard try unit.validate(normal) == normal else { return "\(unit.kind) \(unit.family): the normal form has another normal form" }
                let rules: [ProjectionRule.Effect] = [.truncate(characters: 3), .stripHTML, .round(unit: 100), .sort]
                for rule in rules {
                    guard let name = UnitSamples.name(of: unit) else { continue }
                    let projection = Projection(rules: [ProjectionRule(family: unit.family, member: nil, effect: rule)])
                    let once = projection.apply(to: normal, unit: name)
                    guard projection.apply(to: once, unit: name) == once else { return "\(unit.family): \(rule) is not idempotent" }
                }
            } catch {
                if let complaint = Property.explained(error.description, mayQuote: true) { return "\(unit.family): \(complaint)" }
            }
        }
        return nil
    }
}
