import Commerce

/// Does what operators ask for: the CLI, the console and scripts alike.
///
/// Every change is audited under the principal's name in the same transaction as
/// the change itself. A change already made is no error: it answers `.already`.
protocol OperatorDesk: Sendable {
    /// - Parameter ref: `product/…`, a SKU code or an alias.
    func why(_ ref: String, channel: ChannelID?) async throws(DeskError) -> WhyReport

    func channel(_ id: ChannelID) async throws(DeskError) -> ChannelStatus
    func addChannel(_ order: ChannelOrder, by principal: Principal) async throws(DeskError) -> ChannelStatus
    func command(_ command: ChannelCommand, _ id: ChannelID, by principal: Principal) async throws(DeskError) -> CommandOutcome

    func conflicts(_ state: ConflictReport.State?, _ page: PageRequest) async throws(DeskError) -> Page<ConflictReport>
    func conflict(_ id: Int64) async throws(DeskError) -> ConflictReport
    func resolve(_ id: Int64, _ choice: ConflictChoice, reason: String, by principal: Principal)
        async throws(DeskError) -> ConflictReport

    func inbox(_ state: InboxRow.State?, _ page: PageRequest) async throws(DeskError) -> Page<InboxRow>
    func inboxRow(_ id: Int64) async throws(DeskError) -> InboxRow
    func replay(_ id: Int64, by principal: Principal) async throws(DeskError) -> InboxRow
    /// Says what applying a callback would change, and changes nothing.
    func effects(_ id: Int64) async throws(DeskError) -> InboxEffects

    func queue(_ selection: QueueSelection, _ page: PageRequest) async throws(DeskError) -> Page<QueueRow>
    /// - Returns: how many rows will be tried again at once.
    func retry(_ selection: QueueSelection, by principal: Principal) async throws(DeskError) -> Int
    /// Gives the pushes up; the channel keeps what it has until the unit changes again.
    func drop(_ selection: QueueSelection, reason: String, by principal: Principal) async throws(DeskError) -> Int

    /// Compares a channel with the master as a whole now, and puts right what differs.
    ///
    /// - Parameter report: called with how far it is, and with the figures when it is done.
    func reconcile(
        _ id: ChannelID, dryRun: Bool, accepting most: Int?, by principal: Principal, report: @escaping @Sendable (RoundLine) async -> Void
    ) async throws(DeskError)
    /// - Parameter open: only what is not put right, or only what is; nil for both.
    func drift(_ channel: ChannelID?, open: Bool?, _ page: PageRequest) async throws(DeskError) -> Page<DriftRow>

    /// Copies the store to a new file on this host, verified, while serving goes on.
    /// - Returns: bytes written.
    func backup(to path: String, by principal: Principal) async throws(DeskError) -> Int64
}

enum ChannelCommand: String, CaseIterable, Sendable {
    case pause, resume, resync, retire

    /// What an answer says when there was nothing left to do.
    var already: String {
        switch self {
        case .pause: "already_paused"
        case .resume: "already_active"
        case .resync: "already_resyncing"
        case .retire: "already_retired"
        }
    }

    var done: String {
        switch self {
        case .pause: "paused"
        case .resume: "resumed"
        case .resync: "resyncing"
        case .retire: "retired"
        }
    }
}

enum CommandOutcome: Hashable, Sendable { case done, already }

/// A channel to be added. Its secrets are files on this host, named here and never sent.
struct ChannelOrder: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable { case web, app }
    enum Wire: String, CaseIterable, Sendable { case delta, plain }

    var id: ChannelID
    var kind: Kind
    var wire: Wire
    /// nil for a channel that visits us.
    var endpoint: String?
    var secretFiles: [String]
    /// Whether its endpoint may be on this host or in a private network.
    var allowPrivateAddresses = false
}
