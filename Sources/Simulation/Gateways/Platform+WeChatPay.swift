import ChannelAdapters
import ChannelSimulators
import Commerce

extension Platform {
    /// Some merchants know the platform by its certificates, which change under way, and some by its public key.
    static func weChatPay(_ id: ChannelID, time: any TimeSource, random: SeededRandom) throws -> Platform {
        let host = "\(id).example"
        let keys = try PlatformKeys.weChatPay.get()
        let mode: WeChatPayKeyMaterial.Mode = random.coin() ? .certificate : .publicKey
        let way = random.coin() ? "native" : "app"
        let simulator = WeChatPaySimulator(
            keys: keys, surroundings: Surroundings(time: time, random: random, ids: CountingIDs(prefix: "\(id)")))
        if mode == .publicKey { _ = try simulator.control("rotate", ["to": "public-key", "overlap": false]) }
        let probe: (word: String, body: JSON) = ("probe", ["answers": 1, "callbacks": 1])
        let changes = ["next", "first"].flatMap { name in
            [true, false].map { (word: "rotate", body: ["to": .string(name), "overlap": .bool($0)] as JSON) }
        }
        let cipher = WeChatPayCipher(key: Secret(keys.apiV3Key))
        return Platform(
            id: id, kind: .weChatPay, host: host, simulator: simulator,
            account: {
                keys.account(
                    id, mode: mode, endpoint: "https://\(host)", callbackURL: "\(HubDoor.address)/\(id)", settings: ["way": way])
            },
            keyWords: mode == .publicKey ? [probe] : changes + [probe],
            pay: { number, _ in try attempt(simulator, ["out_trade_no": .string(number)]) },
            isSuccess: { $0.status == 200 || $0.status == 204 },
            event: { body in member("id", of: body)?.string },
            // Altered on the way by a space before its last brace; of another merchant by his number, sealed within.
            isStrange: { body in
                guard !body.suffix(2).elementsEqual(Array(" }".utf8)) else { return true }
                do { return try WeChatPayNotification(body).content([cipher])["mchid"]?.string != keys.merchant } catch { return true }
            },
            books: {
                let trades = try simulator.control("ledger", [:]).object?.members ?? []
                return PlatformBooks(
                    payments: trades.filter { ($0.value["captures"]?.integer ?? 0) > 0 }.map { trade in
                        PlatformBooks.Movement(number: trade.name, amount: trade.value["captured"]?.integer ?? 0)
                    },
                    refunds: trades.flatMap { $0.value["given"]?.array ?? [] }.filter { $0["status"]?.string != "ABNORMAL" }.map { given in
                        PlatformBooks.Movement(number: given["number"]?.string ?? "", amount: given["amount"]?.integer ?? 0)
                    })
            })
    }
}
