import Commerce
import Simulation
import Store
import TestKit

/// What is true of goods, told without accounts: how many are there, and who has which.
struct StockModel {
    struct Place: Hashable {
        let sku: Int
        let warehouse: WarehouseID
    }

    struct Holding {
        let place: Place
        let line: String
        let quantity: Int64
        var expires: Timestamp?
        var state: HoldState
        var left: Int64 = 0
        var shipped: Int64 = 0
        var returned: Int64 = 0
    }

    var sellable: [Place: Int64] = [:]
    var damaged: [Place: Int64] = [:]
    var transit: [Place: Int64] = [:]
    var safety: [Place: Int64] = [:]
    var rights: [Place: Int64] = [:]
    var owners: [String: [Holding]] = [:]

    func promised(_ place: Place, at now: Timestamp) -> Int64 {
        owners.values.joined().filter { $0.place == place }.reduce(0) { sum, holding in
            switch holding.state {
            case .open: sum + (holding.expires.map { $0 <= now } == true ? 0 : holding.quantity)
            case .claimed: sum + holding.left
            case .released, .expired: sum
            }
        }
    }

    /// What is there and nobody's; below zero when more is promised than there is.
    func free(_ place: Place, at now: Timestamp) -> Int64 {
        sellable[place, default: 0] - safety[place, default: 0] - rights[place, default: 0] - promised(place, at: now)
    }

    /// What can be held of a SKU: a place in debt has nothing, and takes nothing from another.
    func holdable(_ sku: Int, at now: Timestamp) -> Int64 {
        [WarehouseID.main, StockWorld.north].reduce(0) { $0 + max(0, free(Place(sku: sku, warehouse: $1), at: now)) }
    }

    mutating func take(_ steps: [StockStep], at place: Place, to other: Place? = nil) {
        for step in steps {
            for (account, target, sign) in [(step.from, place, Int64(-1)), (step.to, other ?? place, 1)] {
                switch account {
                case .outside, .backorder, .pool, .reserved, .sold: break
                case .safety: safety[target, default: 0] += sign * step.quantity
                case .right: rights[target, default: 0] += sign * step.quantity
                case .damaged: damaged[target, default: 0] += sign * step.quantity
                case .transit: transit[target, default: 0] += sign * step.quantity
                }
                switch account {
                case .outside, .damaged, .transit: break
                default: sellable[target, default: 0] += sign * step.quantity
                }
            }
        }
    }
}
