import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import Testing
import TestKit

extension GatewaySubject {
    static let stripe = GatewaySubject(testDescription: "stripe") { try stripe(way: "card") }
    static let stripePage = GatewaySubject(testDescription: "stripe checkout") { try stripe(way: "checkout") }

    private static func stripe(way: String) throws -> Stage {
        let time = ManualTime()
        let simulator = StripeSimulator(time: time, random: SeededRandom(seed: 1))
        let surroundings = Surroundings.still(time: time)
        let gateway = try Gateway(
            simulator.account(try #require(ChannelID("cards"))), transport: GatewayNetwork([StripeSimulator.host: simulator]),
            surroundings: surroundings)
        var terms = PaymentTerms()
        terms.way = way
        terms.description = "Order at the mall"
        terms.returnURL = "https://mall.example/back"
        return Stage(
            gateway: try #require(gateway.payments), simulator: simulator, time: time, terms: terms,
            pay: { number in
                guard try simulator.control("pay", ["number": .string(number)])["done"]?.bool == true else { throw Unpayable() }
            },
            books: { number in
                let ledger = try simulator.control("ledger", [:])
                let payments = ledger["payments"]?.array?.filter { $0["number"]?.string == number } ?? []
                let ids = Set(payments.compactMap { $0["transaction"]?.string })
                let refunds = ledger["refunds"]?.array?.filter { ids.contains($0["transaction"]?.string ?? "") } ?? []
                return Books(
                    captured: payments.reduce(0) { $0 + ($1["amount"]?.integer ?? 0) },
                    refunded: payments.reduce(0) { $0 + ($1["refunded"]?.integer ?? 0) }, refunds: refunds.count)
            })
    }

    private struct Unpayable: Error {}
}
