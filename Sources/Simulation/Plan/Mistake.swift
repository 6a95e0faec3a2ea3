package import ChannelAdapters
package import Commerce

/// A mistake that a plan plants and the simulation has to find: of synchronising, of stock, of orders or of gateways.
package enum Mistake: Hashable, Sendable {
    case sync(PlantedFault)
    case stock(StockFault)
    case orders(OrderFault)
    case gateways(GatewayMistake)

    /// All that the simulated world can show. No channel of it is told quantities, so a pool that is
    /// credited too early is looked for where they are, by the tests of rights.
    package static let all: [Mistake] =
        PlantedFault.allCases.map(Mistake.sync) + [StockFault.looksThenTakes, .looksLineByLine].map(Mistake.stock)
        + OrderFault.allCases.map(Mistake.orders) + GatewayMistake.allCases.map(Mistake.gateways)

    /// - Returns: nil for the name of none.
    package init?(_ name: String) {
        guard let found = Mistake.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    package var name: String {
        switch self {
        case .sync(let fault): fault.rawValue
        case .stock(let fault): fault.rawValue
        case .orders(let fault): fault.rawValue
        case .gateways(let mistake): mistake.rawValue
        }
    }

    private var isOfGateways: Bool { gateways != nil }

    /// Whether a platform of this kind can be wronged by it: Alipay reads what it is answered, whatever the status says.
    package func isOne(at kind: GatewayKind) -> Bool { isOfGateways && !(kind == .alipay && gateways == .failsWith200) }

    var sync: PlantedFault? { if case .sync(let fault) = self { fault } else { nil } }
    var stock: StockFault? { if case .stock(let fault) = self { fault } else { nil } }
    var orders: OrderFault? { if case .orders(let fault) = self { fault } else { nil } }
    var gateways: GatewayMistake? { if case .gateways(let mistake) = self { mistake } else { nil } }
}
