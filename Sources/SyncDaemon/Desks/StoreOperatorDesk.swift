import ChannelAdapters
import Commerce
import Store
import SyncEngine

/// Does what operators ask, on the store; the engine hears of it and goes on.
struct StoreOperatorDesk: OperatorDesk {
    let store: Store
    let engine: Engine
    let channels: any DeskChannels
    let status: any StatusSource
    /// The accounts whose callbacks can be read.
    var gateways: @Sendable () -> [ChannelID: Gateway] = { [:] }

    func backup(to path: String, by principal: Principal) async throws(DeskError) -> Int64 {
        let report = try await atDesk { () async throws(StoreError) in try await store.backup(to: path) }
        return try await store.change { writing throws(StoreError) in
            try writing.audit(
                principal: principal.name, action: "backup", subject: "store",
                detail: "\(report.path), \(report.bytes) bytes, up to change \(report.sequence)")
            return .success(report.bytes)
        }
    }
}
