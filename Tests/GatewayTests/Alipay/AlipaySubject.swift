import ChannelAdapters
import ChannelSimulators
import Commerce

extension GatewaySubject {
    static let alipay = GatewaySubject(testDescription: "Alipay") { try alipayStage(.keys) }
    static let alipayCertified = GatewaySubject(testDescription: "Alipay with certificates") { try alipayStage(.certificates) }

    private static func alipayStage(_ mode: AlipaySimulator.Mode) throws -> Stage {
        let stage = try AlipayStage(mode)
        return Stage(
            gateway: try stage.payments, simulator: stage.simulator, time: stage.time, terms: try stage.attempt().terms,
            pay: { number in _ = try stage.simulator.control("pay", ["number": .string(number)]) },
            books: { number in
                let trade = try stage.booked(number)
                return Books(
                    captured: trade["captured"]?.integer ?? -1, refunded: trade["refunded"]?.integer ?? -1,
                    refunds: Int(trade["refunds"]?.integer ?? -1))
            })
    }
}
