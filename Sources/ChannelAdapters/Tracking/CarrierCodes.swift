import Commerce

/// What one account's platform calls the carriers: the table's column, and what the operator says instead.
struct CarrierCodes: Sendable {
    static let setting = GatewaySetting(
        "carrier_codes", purpose: "What the platform calls carriers where the built-in table is wrong: jd=jd,ane=annengwuliu.")

    private let codes: [CarrierID: String]
    private let carriers: [String: CarrierID]
    /// Before a name the table does not know when it is also one of ours.
    private let platform: String

    init(_ account: GatewayAccount, platform: String, column: (Carrier) -> String?) throws(GatewayFault) {
        var codes: [CarrierID: String] = [:]
        var carriers: [String: CarrierID] = [:]
        for row in CarrierTable.rows.reversed() {
            guard let code = column(row) else { continue }
            codes[row.id] = code
            carriers[code.lowercased()] = row.id
        }
        for pair in (account.settings["carrier_codes"] ?? "").split(separator: ",") {
            let sides = pair.split(separator: "=", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
            guard sides.count == 2, let id = CarrierID(sides[0]), !sides[1].isEmpty else {
                throw GatewayFault("carrier_codes", "must be pairs such as jd=jd, separated by commas")
            }
            if let old = codes[id] { carriers[old.lowercased()] = nil }
            codes[id] = sides[1]
            carriers[sides[1].lowercased()] = id
        }
        self.codes = codes
        self.carriers = carriers
        self.platform = platform
    }

    func code(of carrier: CarrierID) -> String? { codes[carrier] }

    /// Who a code means. One that nobody knows keeps its name, so that a person sees what the platform said.
    func carrier(of code: String) -> CarrierID {
        let known = code.lowercased()
        if let carrier = carriers[known] { return carrier }
        let name = String(known.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        if let own = CarrierID(name), codes[own] == nil { return own }
        return CarrierID(String("\(platform)-\(name)".prefix(32))) ?? CarrierCodes.unknown(platform)
    }

    private static func unknown(_ platform: String) -> CarrierID {
        guard let unknown = CarrierID("\(platform)-unknown") else { preconditionFailure("a platform's name is no carrier's") }
        return unknown
    }
}
