import Commerce
import SyncEngine

extension ChannelConfiguration {
    /// What the store keeps of a channel: the engine's part and how to reach it.
    /// Secrets are kept as the places they are in.
    func settings(_ configuration: Configuration) -> JSON {
        var engine = ChannelSettings()
        engine.kind = kind.rawValue
        engine.families = units.map { Set($0) }
        engine.ownerOf = Set(ownerOf)
        engine.creates = creates
        engine.deletes = deletes == .propose ? .propose : .ignore
        engine.push = push
        engine.pullEvery = pullEvery ?? configuration.pull.every
        engine.batchMax = batch ?? configuration.push.batch
        engine.requestsPerSecond = rate
        engine.projection = projection
        var object = engine.json.object ?? JSONObject()
        object["protocol"] = .string(dialect.rawValue)
        object["endpoint"] = endpoint.map { .string($0) }
        object["secrets"] = .array(secrets.map { .string($0.description) })
        object["timeout_ms"] = .integer((timeout ?? configuration.push.timeout).milliseconds)
        object["stock_shown"] = .string(stockShown.rawValue)
        object["allow_private_addresses"] = .bool(allowPrivateAddresses)
        return .object(object)
    }
}
