import ChannelAdapters
import Commerce
import Store

extension Patient {
    /// What a daemon that is stopped, or does not answer, left behind: its configuration and its files.
    static func stopped(
        _ source: ConfigurationSource, offline: Bool, transport: any HTTPTransport,
        surroundings: Surroundings = .system, host: HostView = HostView()
    ) async -> Patient {
        let written = StoreDoctorDesk.read(source)
        var configuration = Configuration()
        if case .success(let found) = written { configuration = found }
        var inspection: StoreInspection?
        var fault: StoreError?
        var records: [ChannelRecord] = []
        do throws(StoreError) {
            let found = try StoreInspection(directory: configuration.store.directory)
            inspection = found
            records = try await found.read { reading throws(StoreError) in try reading.channels() }
        } catch {
            fault = error
        }
        let credentials = source.environment["CREDENTIALS_DIRECTORY"]
        return Patient(
            source: source, written: written, configuration: configuration, inner: nil,
            store: fault == nil ? inspection : nil, storeFault: fault, condition: inspection?.condition,
            channels: KnownChannel.all(records, configuration), surroundings: surroundings, host: host,
            prober: ChannelProber(
                transport: transport, time: surroundings.time, credentials: credentials,
                answerBytesMax: configuration.limits.answerBytes),
            credentials: credentials, isOffline: offline)
    }
}
