import Foundation

extension Scenario {
    static let all: [Scenario] = hub + pushes + pulls + callbacks + channels + keeping + stock + orders
        + gatewayCallbacks + bills + parcels

    /// All, or those that `HEYI_SCENARIOS` names by parts of their names with commas between.
    static let chosen: [Scenario] = {
        guard let words = ProcessInfo.processInfo.environment["HEYI_SCENARIOS"]?.split(separator: ",") else { return all }
        return all.filter { scenario in words.contains { scenario.name.contains($0) } }
    }()
}
