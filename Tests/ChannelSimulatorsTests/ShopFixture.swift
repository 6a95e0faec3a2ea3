import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

/// A shop on a clock that stands still, and the words of tests about it.
struct ShopFixture {
    let shop: ShopSimulator
    let time = ManualTime()
    let tea = RemoteRef(kind: .product, id: "longjing")
    let own: String

    init(_ face: ShopFace, dials: Dials = Dials()) throws {
        shop = ShopSimulator(
            channel: try #require(ChannelID("web")), face: face, incarnation: "77aa", dials: dials, time: time)
        own = shop.actorName
    }

    func delta(
        _ seq: Int64 = 1, unit: String = "text.zh-CN", value: JSON? = ["title": "龙井"], clock: JSON? = nil,
        operation: String? = nil, expect: String? = nil
    ) -> JSON {
        var object = JSONObject([
            ("seq", .integer(seq)), ("entity", ["kind": "product", "id": "longjing"]), ("unit", .string(unit)),
            ("op", value == nil ? "delete" : "set"),
        ])
        object["value"] = value
        object["clock"] = clock
        object["op_id"] = operation.map { .string($0) }
        object["expect"] = expect.map { .string($0) }
        return .object(object)
    }

    func batch(_ deltas: JSON...) -> JSON {
        [
            "generation": "hub1", "session": "s1", "from": 0, "to": .integer(Int64(deltas.count)),
            "deltas": .array(deltas),
        ]
    }

    func unit(_ text: String = "text.zh-CN") throws -> UnitName { try #require(UnitName(text)) }
}

extension JSON {
    /// The elements of a list of an answer.
    func list(_ name: String) -> [JSON] { self[name]?.array ?? [] }
}
