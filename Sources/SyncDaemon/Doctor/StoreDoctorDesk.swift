import ChannelAdapters
import Commerce
import Glibc
import Store
import SyncEngine

/// Examines the daemon it is a part of.
struct StoreDoctorDesk: DoctorDesk {
    let store: Store
    let engine: Engine
    let status: StoreStatusSource
    let doors: DoorJournal
    let ports: Guarded<[Listener: Int]>
    /// Where the configuration is read from at a reload; nil where it came from no file.
    let source: ConfigurationSource?
    let began: Configuration
    let inForce: Guarded<Configuration>
    let credentials: String?
    let startedAt: Timestamp
    let startedNanoseconds: UInt64
    var host = HostView()
    var transport: @Sendable () -> any HTTPTransport = { CurlTransport(configuration: .ordinary) }

    /// What the examined itself may take to answer a question of the doctor.
    private static let answersWithin: Duration = .seconds(10)

    init(
        store: Store, engine: Engine, status: StoreStatusSource, doors: DoorJournal, ports: Guarded<[Listener: Int]>,
        source: ConfigurationSource?, began: Configuration, inForce: Guarded<Configuration>, credentials: String?
    ) {
        self.store = store
        self.engine = engine
        self.status = status
        self.doors = doors
        self.ports = ports
        self.source = source
        self.began = began
        self.inForce = inForce
        self.credentials = credentials
        startedAt = store.surroundings.time.now()
        startedNanoseconds = store.surroundings.time.monotonicNanoseconds()
    }

    func examine(_ order: DoctorOrder, tell: @escaping @Sendable (Diagnosis) async -> Void) async {
        await onPatient(offline: order.isOffline) { patient in
            await order.doctor.examine(patient, tell: tell)
        }
    }

    func support() async -> SupportReport {
        await onPatient(offline: true) { patient in await SupportReport(patient) }
    }

    /// Runs `body` on what is known now; connections made for it end with it.
    func onPatient<Answer: Sendable>(
        offline: Bool, _ body: @Sendable (Patient) async -> Answer
    ) async -> Answer {
        let transport = self.transport()
        let answer = await body(await patient(offline, transport))
        await (transport as? CurlTransport)?.shutdown(grace: .zero)
        return answer
    }

    private func patient(_ offline: Bool, _ transport: any HTTPTransport) async -> Patient {
        let configuration = inForce.value
        let inner = await innerView()
        let (store, time) = (self.store, store.surroundings.time)
        let known = await Patience.answer(within: StoreDoctorDesk.answersWithin, time) {
            () async -> Result<([ChannelRecord], StoreCondition), StoreError> in
            do throws(StoreError) {
                let records = try await store.read { reading throws(StoreError) in try reading.channels() }
                return .success((records, try await store.condition()))
            } catch {
                return .failure(error)
            }
        }
        var fault: StoreError? = .failed("it does not answer within \(StoreDoctorDesk.answersWithin.components.seconds) s")
        var records: [ChannelRecord] = []
        var condition: StoreCondition?
        switch known {
        case .success(let found)?: (records, condition, fault) = (found.0, found.1, nil)
        case .failure(let error)?: fault = error
        case nil: break
        }
        return Patient(
            source: source, written: source.map(StoreDoctorDesk.read), configuration: configuration, inner: inner,
            store: fault == nil ? store : nil, storeFault: fault, condition: condition,
            channels: KnownChannel.all(records, configuration), surroundings: store.surroundings, host: host,
            prober: ChannelProber(
                transport: transport, time: time, credentials: credentials, answerBytesMax: configuration.limits.answerBytes),
            credentials: credentials, isOffline: offline)
    }

    private func innerView() async -> InnerView {
        let (engine, store, time) = (self.engine, self.store, self.store.surroundings.time)
        let workers = await Patience.answer(within: StoreDoctorDesk.answersWithin, time) { await engine.workerStatus() }
        let capabilities = await Patience.answer(within: StoreDoctorDesk.answersWithin, time) {
            var known: [ChannelID: Capabilities] = [:]
            for id in (workers ?? [:]).keys.sorted() { known[id] = await engine.worker(id)?.knownCapabilities }
            return known
        }
        let fault = await Patience.answer(within: StoreDoctorDesk.answersWithin, time) { () async -> String? in
            do throws(StoreError) {
                try await store.probe()
                return nil
            } catch {
                return error.description
            }
        }
        return InnerView(
            startedAt: startedAt, startedNanoseconds: startedNanoseconds, began: began,
            refused: status.configurationStatus.refused, workers: workers ?? [:], capabilities: capabilities ?? [:],
            doors: doors.entries, ports: ports.value,
            storeFault: fault ?? "a write does not end within \(StoreDoctorDesk.answersWithin.components.seconds) s",
            processID: getpid())
    }

    static func read(_ source: ConfigurationSource) -> Result<Configuration, ConfigurationProblems> {
        do throws(ConfigurationProblems) { return .success(try Configuration.load(source)) } catch { return .failure(error) }
    }
}
