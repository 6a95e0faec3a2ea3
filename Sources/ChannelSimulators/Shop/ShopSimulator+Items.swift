import ChannelAdapters
import Commerce

extension ShopSimulator {
    /// Plain backends keep time in whole seconds, as most databases behind them do.
    private static func grain(_ milliseconds: Int64) -> Int64 { milliseconds - milliseconds % 1_000 }

    /// Every entity by (time of change, `kind/id`), removed ones included.
    var changeOrder: [(updatedAt: Int64, name: String)] {
        if let changeOrderCache { return changeOrderCache }
        var order = entities.map { (updatedAt: ShopSimulator.grain($0.value.updatedAt), name: $0.key.description) }
        order.sort { left, right in
            left.updatedAt != right.updatedAt
                ? left.updatedAt < right.updatedAt : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        changeOrderCache = order
        return order
    }

    func itemJSON(_ entity: RemoteRef, _ held: HeldEntity) -> JSON {
        var fields = JSONObject()
        for (unit, state) in held.units { fields[unit.text] = state.value }
        var members = JSONObject([
            ("kind", .string(entity.kind.rawValue)), ("id", .string(entity.id)),
            ("updated_at", .integer(ShopSimulator.grain(held.updatedAt))), ("version", .string(String(held.version))),
            ("fields", .object(fields)),
        ])
        if held.isDeleted { members["deleted"] = true }
        return .object(members)
    }
}

extension Array {
    /// The first place whose element answers yes, when all before answer no.
    func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
