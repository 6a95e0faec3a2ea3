import Commerce
import Store

extension StockLevel {
    var json: JSON {
        [
            "sku": .string(sku.id.text), "warehouse": .string(warehouse.text), "on_hand": .integer(balance.onHand),
            "free": .integer(free), "pool": .integer(balance.pool), "safety": .integer(balance.safety),
            "rights": .integer(balance.rightsTotal), "reserved": .integer(balance.reserved), "sold": .integer(balance.sold),
            "damaged": .integer(balance.damaged), "transit": .integer(balance.transit),
            "backordered": .integer(balance.backordered), "forced": .integer(balance.forced),
            "backorder_limit": .integer(balance.backorderLimit), "alert_below": alertBelow.map(JSON.integer) ?? .null,
            "low": .bool(isLow),
        ]
    }
}

extension StockEntry {
    var json: JSON {
        [
            "id": .integer(number), "sku": .string(sku.id.text), "kind": .string(kind.rawValue), "quantity": .integer(quantity),
            "from": .string(from.description), "from_warehouse": .string(fromWarehouse.text), "to": .string(to.description),
            "to_warehouse": .string(toWarehouse.text), "cause": .string(cause), "at": .integer(at.milliseconds),
            "author": author.map(JSON.string) ?? .null, "reason": reason.map(JSON.string) ?? .null,
        ]
    }
}

extension Hold {
    var json: JSON {
        [
            "id": .integer(number), "owner": .string(owner), "line": .string(line), "attempt": .integer(attempt),
            "sku": .string(sku.id.text), "warehouse": .string(warehouse.text), "quantity": .integer(quantity),
            "state": .string(state.rawValue), "in_doubt": .bool(inDoubt),
            "expires_at": expiresAt.map { .integer($0.milliseconds) } ?? .null, "at": .integer(at.milliseconds),
            "ended_at": endedAt.map { .integer($0.milliseconds) } ?? .null, "shipped": .integer(shipped),
            "unsold": .integer(unsold), "returned": .integer(returned),
        ]
    }
}

extension RightStanding {
    var json: JSON {
        [
            "channel": .string(right.channel.text), "sku": .string(right.sku.id.text), "warehouse": .string(right.warehouse.text),
            "granted": .integer(right.granted), "withdrawing": .integer(right.withdrawing), "published": .integer(right.published),
            "withdrawal": right.withdrawal.map(JSON.string) ?? .null, "told": told.map(JSON.integer) ?? .null,
            "says": says.map(JSON.integer) ?? .null, "under_way": .bool(isUnderWay), "error": error.map(JSON.string) ?? .null,
            "guarantee": .string(guarantee?.description ?? "nothing is promised: it is told no numbers"),
        ]
    }
}

extension StockNotice {
    var json: JSON {
        [
            "id": .integer(number), "kind": .string(kind.rawValue), "sku": .string(sku.id.text),
            "warehouse": .string(warehouse.text), "channel": channel.map { .string($0.text) } ?? .null,
            "quantity": .integer(quantity), "owed": .integer(owed), "cause": .string(cause), "at": .integer(at.milliseconds),
            "settled_at": settledAt.map { .integer($0.milliseconds) } ?? .null, "settled_by": settledBy.map(JSON.string) ?? .null,
        ]
    }
}

extension StockDifference {
    var json: JSON {
        [
            "law": .string(law.rawValue), "subject": .string(subject), "account": account.map { .string($0.description) } ?? .null,
            "shown": .integer(shown), "expected": .integer(expected), "problem": .string(problem),
        ]
    }
}

extension Warehouse {
    var json: JSON {
        ["id": .string(id.text), "name": .string(name), "place": .integer(place), "closed": .bool(isClosed)]
    }
}

extension StockStep {
    var json: JSON {
        ["from": .string(from.description), "to": .string(to.description), "quantity": .integer(quantity)]
    }
}

extension StockReport {
    var json: JSON {
        [
            "sku": .string(sku.id.text), "version": .integer(version), "available": .integer(available),
            "levels": .array(levels.map(\.json)), "rights": .array(rights.map(\.json)),
            "shown": .array(shown.map { ["channel": .string($0.channel.text), "quantity": .integer($0.quantity)] }),
            "holds": .array(holds.map(\.json)), "entries": .array(entries.map(\.json)),
        ]
    }
}
