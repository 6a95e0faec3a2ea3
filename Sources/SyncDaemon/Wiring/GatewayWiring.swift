import ChannelAdapters
import Commerce
import Logging
import Mall
import Store
import Synchronization

/// Connects the configured accounts at payment and logistics platforms, and knows those that are connected.
///
/// A reload reads their keys again and puts new accounts in the place of the old ones at once: a request under way
/// ends with the keys it began with. An account whose keys cannot be read keeps those it had and says why.
final class GatewayWiring: Sendable {
    private let store: Store
    private let transport: any HTTPTransport
    private let credentials: String?
    private let logger: Logger
    private let measured: @Sendable (ChannelID, any HTTPTransport) -> any HTTPTransport
    private let state = Mutex(State())

    private struct State {
        var connected: [ChannelID: Gateway] = [:]
        var configured: [GatewayConfiguration] = []
        var callbackURLs: [ChannelID: String] = [:]
        var faults: [ChannelID: String] = [:]
        var takesTrials = false
        var policies = (parcels: TrackingPolicy.standard, bills: Configuration.Bills())
        /// Whose callbacks were signed with a key that is not known here.
        var missesKeys: Set<ChannelID> = []
        /// What an account was made of, so that what has not changed is not made anew.
        var made: [ChannelID: GatewayAccount] = [:]
    }

    init(
        store: Store, transport: any HTTPTransport, credentials: String?, logger: Logger,
        measured: @escaping @Sendable (ChannelID, any HTTPTransport) -> any HTTPTransport = { $1 }
    ) {
        self.store = store
        self.transport = transport
        self.credentials = credentials
        self.logger = logger
        self.measured = measured
    }

    /// The accounts there are now.
    var gateways: [ChannelID: Gateway] { state.withLock { $0.connected } }
    var accounts: [(configuration: GatewayConfiguration, fault: String?, callbackURL: String?)] {
        state.withLock { state in
            state.configured.map { ($0, state.faults[$0.id], state.callbackURLs[$0.id]) }
        }
    }

    /// How parcels are followed and bills looked for, as it was configured last.
    var policies: (parcels: TrackingPolicy, bills: Configuration.Bills) { state.withLock { $0.policies } }

    /// Notes that a platform signs with a key nobody here knows, so that it is fetched.
    func missesKey(_ id: ChannelID) { state.withLock { _ = $0.missesKeys.insert(id) } }

    /// Has platforms asked for the keys that were missed; their callbacks come again.
    func fetchMissingKeys() async {
        let missing = state.withLock { state in
            defer { state.missesKeys = [] }
            return state.missesKeys.sorted()
        }
        for id in missing {
            guard let check = gateways[id]?.check else { continue }
            let health = await check.check()
            logger.notice("its keys were asked for: \(health.words)", metadata: ["evt": "gateway.keys", "gateway": "\(id)"])
        }
    }

    /// Where buyers may pay now: the accounts, and what needs no platform.
    var payments: [String: any PaymentGateway] {
        state.withLock { state in
            var all: [String: any PaymentGateway] = [HandGateway.name: HandGateway()]
            if state.takesTrials { all[TrialGateway.name] = TrialGateway() }
            for gateway in state.connected.values { if let payments = gateway.payments { all[payments.id] = payments } }
            return all
        }
    }

    /// Checks that each account could be connected.
    ///
    /// - Throws: ``ConfigurationProblems`` with every one that could not; nothing is changed.
    func check(_ configuration: Configuration) throws(ConfigurationProblems) {
        var problems: [ConfigurationProblem] = []
        for gateway in configuration.gateways {
            do throws(GatewayFault) { _ = try make(gateway, configuration) } catch {
                problems.append(ConfigurationProblem(origin: nil, words: "gateway \(gateway.id): \(error)"))
            }
        }
        if !problems.isEmpty { throw ConfigurationProblems(problems: problems) }
    }

    /// Connects what is configured; an account that cannot be is left as it was, or out, and says why.
    func apply(_ configuration: Configuration) async throws(StoreError) {
        let declared = configuration.gateways.map { ($0.id, $0.kind.rawValue) }
        var faults: [ChannelID: String] = [:]
        for (id, kind) in declared {
            do throws(StoreError) {
                try await store.write { writing throws(StoreError) in try writing.putGateway(id, kind: kind) }
            } catch .contradiction(let reason) { faults[id] = reason }
        }
        var (connected, made, urls): ([ChannelID: Gateway], [ChannelID: GatewayAccount], [ChannelID: String]) = ([:], [:], [:])
        let before = state.withLock { ($0.connected, $0.made) }
        for gateway in configuration.gateways where faults[gateway.id] == nil {
            urls[gateway.id] = configuration.callbackURL(of: gateway.id)
            do throws(GatewayFault) {
                let (account, parts) = try make(gateway, configuration, unless: before.1[gateway.id])
                connected[gateway.id] = parts ?? before.0[gateway.id]
                made[gateway.id] = account
            } catch {
                faults[gateway.id] = "\(error)"
                connected[gateway.id] = before.0[gateway.id]
                made[gateway.id] = before.1[gateway.id]
                logger.error(
                    "not connected: \(error); put it right, then reload", metadata: ["evt": "gateway.fault", "gateway": "\(gateway.id)"])
            }
        }
        let next = (connected, made, urls, faults)
        state.withLock { state in
            (state.connected, state.made, state.callbackURLs, state.faults) = next
            state.configured = configuration.gateways
            state.takesTrials = configuration.payments.trial
            state.policies = (configuration.parcels, configuration.bills)
        }
    }

    private func make(_ gateway: GatewayConfiguration, _ configuration: Configuration) throws(GatewayFault) -> Gateway? {
        try make(gateway, configuration, unless: nil).parts
    }

    /// - Returns: no parts when the account is as it was.
    private func make(
        _ gateway: GatewayConfiguration, _ configuration: Configuration, unless held: GatewayAccount?
    ) throws(GatewayFault) -> (account: GatewayAccount, parts: Gateway?) {
        let account = try GatewayWiring.account(gateway, configuration, credentials: credentials)
        if let held, held == account { return (account, nil) }
        return (account, try Gateway(account, transport: measured(gateway.id, transport), surroundings: store.surroundings))
    }

    /// An account with its keys, read from their files.
    ///
    /// - Throws: ``GatewayFault`` with the setting and the file, never what is in it.
    static func account(
        _ gateway: GatewayConfiguration, _ configuration: Configuration, credentials: String?
    ) throws(GatewayFault) -> GatewayAccount {
        var secrets: [String: [Secret]] = [:]
        for (name, references) in gateway.secrets {
            for reference in references {
                do throws(SecretProblem) {
                    secrets[name, default: []].append(try reference.load(credentials: credentials, bytesMax: GatewayWiring.fileBytesMax))
                } catch { throw GatewayFault(name, error.description) }
            }
        }
        return GatewayAccount(
            id: gateway.id, kind: gateway.kind, settings: gateway.settings, secrets: secrets,
            callbackURL: configuration.callbackURL(of: gateway.id))
    }

    /// A bundle of root certificates is the largest.
    private static let fileBytesMax = 64 << 10
}

extension Configuration {
    /// Where a platform reaches an account's callbacks; nil while it is not said where we are.
    func callbackURL(of gateway: ChannelID) -> String? { listen.publicURL.map { "\($0)\(GatewayRoutes.root)/\(gateway)" } }
}
