import Commerce

/// One question the doctor asks. Its number never changes and is never given again.
struct HealthCheck: Sendable {
    /// What a check must ask besides files and the store.
    enum Reach: Sendable {
        case nobody
        /// Channels or listeners: left out with `--offline`.
        case network
    }

    let number: Int
    let name: String
    /// What it looks at, for the list and the documents.
    let looksAt: String
    let reach: Reach
    /// How long it may take beside all the others.
    let patience: Duration
    let examine: @Sendable (Patient) async throws -> Examination

    init(
        _ number: Int, _ name: String, _ looksAt: String, reach: Reach = .nobody, patience: Duration = .seconds(20),
        examine: @escaping @Sendable (Patient) async throws -> Examination
    ) {
        self.number = number
        self.name = name
        self.looksAt = looksAt
        self.reach = reach
        self.patience = patience
        self.examine = examine
    }

    /// `H07`
    var id: String { "H\(number < 10 ? "0" : "")\(number)" }

    /// All checks by number.
    static let all: [HealthCheck] =
        (clockChecks + fileChecks + credentialChecks + reachChecks + driftChecks + configurationChecks + flowChecks
        + storeChecks + processChecks + gatewayChecks).sorted { $0.number < $1.number }

    /// Reads `H03,7,12`.
    ///
    /// - Returns: nil for a number no check has.
    static func chosen(_ text: String) -> [HealthCheck]? {
        var chosen: [HealthCheck] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let digits = word.first.map { $0 == "H" || $0 == "h" } == true ? word.dropFirst() : word
            guard let number = Int(digits), let check = all.first(where: { $0.number == number }) else { return nil }
            if !chosen.contains(where: { $0.number == number }) { chosen.append(check) }
        }
        return chosen.isEmpty ? nil : chosen.sorted { $0.number < $1.number }
    }
}
