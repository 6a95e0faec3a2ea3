import Commerce
import Store
import SyncEngine

struct StoreOperatorDesk: OperatorDesk {
    let store: Store, engine: Engine, channels: ChannelWiring, status: StoreStatusSource
    func why(_ ref: String, channel: ChannelID?) async throws(DeskError) -> WhyReport { throw .failed("") }
    func channel(_ id: ChannelID) async throws(DeskError) -> ChannelStatus { throw .failed("") }
    func addChannel(_ order: ChannelOrder, by principal: Principal) async throws(DeskError) -> ChannelStatus { throw .failed("") }
    func command(_ command: ChannelCommand, _ id: ChannelID, by principal: Principal) async throws(DeskError) -> CommandOutcome { throw .failed("") }
    func conflicts(_ state: ConflictReport.State?, _ page: PageRequest) async throws(DeskError) -> Page<ConflictReport> { throw .failed("") }
    func conflict(_ id: Int64) async throws(DeskError) -> ConflictReport { throw .failed("") }
    func resolve(_ id: Int64, _ choice: ConflictChoice, reason: String, by principal: Principal) async throws(DeskError) -> ConflictReport { throw .failed("") }
    func inbox(_ state: InboxRow.State?, _ page: PageRequest) async throws(DeskError) -> Page<InboxRow> { throw .failed("") }
    func inboxRow(_ id: Int64) async throws(DeskError) -> InboxRow { throw .failed("") }
    func replay(_ id: Int64, by principal: Principal) async throws(DeskError) -> InboxRow { throw .failed("") }
    func queue(_ selection: QueueSelection, _ page: PageRequest) async throws(DeskError) -> Page<QueueRow> { throw .failed("") }
    func retry(_ selection: QueueSelection, by principal: Principal) async throws(DeskError) -> Int { throw .failed("") }
    func drop(_ selection: QueueSelection, reason: String, by principal: Principal) async throws(DeskError) -> Int { throw .failed("") }
    func backup(to path: String, by principal: Principal) async throws(DeskError) -> Int64 { throw .failed("") }
}
struct StoreCatalogDesk: CatalogDesk {
    let store: Store, engine: Engine, mappingsDirectory: String
    func entity(_ ref: EntityRef) async throws(DeskError) -> EntityReport { throw .failed("") }
    func create(_ ref: EntityRef, units: [(unit: UnitName, value: JSON)], by principal: Principal) async throws(DeskError) -> EntityReport { throw .failed("") }
    func edit(_ ref: UnitRef, value: JSON?, expecting tag: String?, by principal: Principal) async throws(DeskError) -> EntityReport { throw .failed("") }
    func delete(_ ref: EntityRef, expecting tag: String?, by principal: Principal) async throws(DeskError) { throw .failed("") }
    func importCatalog(_ order: ImportOrder, from file: UploadedFile, by principal: Principal, report: (ImportLine) async throws -> Void) async throws {}
    func exportCatalog(_ order: ExportOrder, write: ([UInt8]) async throws -> Void) async throws {}
}
