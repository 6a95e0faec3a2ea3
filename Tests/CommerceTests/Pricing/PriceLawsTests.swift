import Commerce
import Simulation
import Testing

@Suite struct PriceLawsTests {
    /// What a few wild carts cost; those that are too dear are refused and left out.
    private func priced(_ count: UInt64) -> [(UInt64, PricedOrder)] {
        (1...count).compactMap { seed in
            do { return (seed, try PricePipeline.price(Cart.random(seed: seed))) } catch { return nil }
        }
    }

    @Test func `shares of thousands of carts add up to the total, step by step`() {
        let orders = priced(3_000)
        #expect(orders.count > 2_400)
        for (seed, order) in orders {
            #expect(order.steps.reduce(0) { $0 + $1.amount } == order.total, "seed \(seed)")
            for (index, line) in order.lines.enumerated() {
                #expect(order.steps.reduce(0) { $0 + $1.lines[index] } == line.payable, "seed \(seed), line \(index)")
                #expect(order.explanation(ofLine: index).last?.after == line.payable, "seed \(seed), line \(index)")
                #expect(line.net >= 0 && line.freight >= 0 && line.tax >= 0 && line.tax <= line.payable, "seed \(seed), line \(index)")
            }
            #expect(order.lines.reduce(0) { $0 + $1.points } == order.points, "seed \(seed)")
        }
    }

    @Test func `the same request is the same answer`() throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            func answer() -> Result<PricedOrder, PricingFault> {
                do { return .success(try PricePipeline.price(Cart.random(seed: seed))) } catch { return .failure(error) }
            }
            #expect(answer() == answer(), "seed \(seed)")
        }
    }

    @Test func `parts given back one after another come to the whole, whatever the portions`() {
        var random = SeededRandom(seed: 7)
        for (seed, order) in priced(1_000) {
            for line in order.lines {
                var (back, money, points): (Int64, Int64, Int64) = (0, 0, 0)
                while back < line.quantity {
                    let pieces = Int64.random(in: 1...(line.quantity - back), using: &random)
                    money += line.paid(for: pieces, before: back, withFreight: true)
                    points += line.points(for: pieces, before: back)
                    back += pieces
                }
                #expect(money == line.payable && points == line.points, "seed \(seed)")
            }
        }
    }

    @Test func `an order is read back as it was kept`() throws {
        for (seed, order) in priced(300) { #expect(try PricedOrder(JSON.parse(order.json.text)) == order, "seed \(seed)") }
    }
}
