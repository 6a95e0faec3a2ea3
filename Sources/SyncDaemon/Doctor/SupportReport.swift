import ChannelAdapters
import Commerce
import Glibc
import Store
import SyncEngine

/// What a support bundle says of store, channels, host and configuration.
///
/// Made of figures and of words from lists of ours alone: whatever somebody wrote, be it a
/// value, a name, an address or a message, has no place in it.
struct SupportReport: Sendable {
    let json: JSON

    init(json: JSON) { self.json = json }

    init(_ patient: Patient) async {
        json = [
            "version": .string(Heyi.version), "daemon_runs": .bool(patient.inner != nil),
            "configuration": AllowedConfiguration.json(patient.configuration),
            "store": await SupportReport.store(patient), "channels": .array(patient.channels.map { SupportReport.channel($0, patient.inner) }),
            "host": SupportReport.host(patient),
        ]
    }

    private static func store(_ patient: Patient) async -> JSON {
        guard patient.store != nil else { return ["readable": false] }
        do {
            let found = try await patient.reading { reading throws(StoreError) in
                (
                    tables: try reading.tables(), schema: try reading.schemaStatements(), pages: try reading.pageFigures(),
                    inbox: try reading.inboxFigures(), conflicts: try reading.openConflictCount(),
                    entities: try reading.entityCounts()
                )
            }
            var tables = JSONObject()
            for table in found.tables { tables[table.name] = .integer(table.rows) }
            var inbox = JSONObject()
            for state in InboxItem.State.allCases { inbox[state.rawValue] = .integer(Int64(found.inbox.counts[state] ?? 0)) }
            var entities = JSONObject()
            for (kind, count) in found.entities { entities[kind.rawValue] = .integer(Int64(count)) }
            return [
                "readable": true, "schema": .integer(Int64(patient.condition?.schema ?? 0)),
                "page_bytes": .integer(found.pages.bytes), "free_bytes": .integer(found.pages.free),
                "rows": .object(tables), "inbox": .object(inbox), "entities": .object(entities),
                "conflicts_open": .integer(Int64(found.conflicts)), "statements": .array(found.schema.map(JSON.string)),
            ]
        } catch {
            return ["readable": false]
        }
    }

    private static func channel(_ channel: KnownChannel, _ inner: InnerView?) -> JSON {
        var object = JSONObject()
        object["id"] = .string(channel.id.text)
        object["state"] = .string(channel.record?.state.rawValue ?? "declared")
        object["observing"] = .bool(channel.record?.observing ?? false)
        object["settings"] = AllowedConfiguration.settings(channel.settings)
        object["capabilities"] = inner?.capabilities[channel.id].map(capabilities) ?? .null
        if let worker = inner?.workers[channel.id] {
            object["breaker"] = .string(worker.breaker.rawValue)
            object["push_requests"] = .integer(Int64(worker.push.requests))
            object["push_failures"] = .integer(Int64(worker.push.failures))
            object["pull_requests"] = .integer(Int64(worker.pull.requests))
            object["pull_failures"] = .integer(Int64(worker.pull.failures))
        }
        if let entry = inner?.doors[channel.id] { object["signatures_refused"] = .integer(Int64(entry.refusals)) }
        return .object(object)
    }

    private static func capabilities(_ known: Capabilities) -> JSON {
        [
            "keeps_clocks": .bool(known.keepsClocks), "compares_and_swaps": .bool(known.comparesAndSwaps),
            "recognises_keys": .bool(known.recognisesKeys), "batch_max": .integer(Int64(known.batchMax)),
            "families": known.families.map { .array(AllowedConfiguration.families($0)) } ?? .null,
            "counts_own_writes": .bool(known.actorName != nil), "projects": .bool(known.projection != Projection()),
        ]
    }

    private static func host(_ patient: Patient) -> JSON {
        var object = JSONObject()
        var names = utsname()
        if uname(&names) == 0 {
            object["kernel"] = .string(withUnsafeBytes(of: names.release) { AllowedText.word(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)) })
            object["machine"] = .string(withUnsafeBytes(of: names.machine) { AllowedText.word(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)) })
        }
        object["processors"] = .integer(Int64(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        if let disk = patient.host.disk(patient.directory) {
            object["disk_bytes"] = .integer(disk.bytes)
            object["disk_free_bytes"] = .integer(disk.freeBytes)
        }
        if let memory = patient.host.memory() {
            object["resident_bytes"] = .integer(memory.residentBytes)
            object["memory_limit_bytes"] = memory.limitBytes.map { .integer($0) }
            object["memory_available_bytes"] = memory.availableBytes.map { .integer($0) }
        }
        if let files = patient.host.descriptors() {
            object["descriptors_open"] = .integer(Int64(files.open))
            object["descriptors_max"] = .integer(Int64(files.max))
        }
        object["sqlite"] = .string(patient.host.sqliteVersion)
        object["libcurl"] = .string(patient.host.curlVersion)
        return .object(object)
    }
}
