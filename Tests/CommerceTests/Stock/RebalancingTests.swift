import Commerce
import Simulation
import Testing

@Suite struct RebalancingTests {
    private static func standing(_ id: String, _ granted: Int64, _ demand: Int64, reachable: Bool = true) -> Rebalancing.Standing {
        .init(ChannelID(id)!, granted: granted, demand: demand, reachable: reachable)
    }

    @Test func `rights go where goods are sold`() {
        let moves = Rebalancing().moves([Self.standing("slow", 50, 0), Self.standing("fast", 50, 100)], spare: 0)
        #expect(moves == [.init(ChannelID("slow")!, by: -50)])
        let later = Rebalancing().moves([Self.standing("slow", 0, 0), Self.standing("fast", 50, 100)], spare: 50)
        #expect(later == [.init(ChannelID("fast")!, by: 50)])
    }

    @Test func `a small difference moves nothing, however often it is looked at`() {
        #expect(Rebalancing().moves([Self.standing("a", 45, 50), Self.standing("b", 55, 50)], spare: 0).isEmpty)
    }

    @Test func `a channel that answers nobody keeps its rights`() {
        let moves = Rebalancing().moves([Self.standing("dark", 90, 0, reachable: false), Self.standing("web", 10, 90)], spare: 5)
        #expect(!moves.contains { $0.channel.text == "dark" })
    }

    @Test(arguments: [UInt64(7), 8])
    func `no more is given than is spare, and what it settles to stays`(seed: UInt64) {
        let random = SeededRandom(seed: seed)
        func number(_ below: UInt64) -> Int64 { Int64(random.next() % below) }
        for _ in 0..<300 {
            let demands = (0...number(5)).map { ("c\($0)", number(50)) }
            var granted = demands.map { _ in number(100) }
            var spare = number(60)
            let all = granted.reduce(spare, +)
            var rounds = 0
            while rounds < 20 {
                let standings = zip(demands, granted).map { Self.standing($0.0, $1, $0.1) }
                let moves = Rebalancing().moves(standings, spare: spare)
                if moves.isEmpty { break }
                #expect(moves.filter { $0.by > 0 }.reduce(0) { $0 + $1.by } <= spare)
                for move in moves {
                    let index = demands.firstIndex { $0.0 == move.channel.text }!
                    granted[index] += move.by
                    spare -= move.by
                    #expect(granted[index] >= 0 && spare >= 0)
                }
                rounds += 1
            }
            #expect(rounds < 20, "seed \(seed): it goes to and fro")
            #expect(granted.reduce(spare, +) == all)
        }
    }
}
