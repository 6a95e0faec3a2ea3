import Commerce
import Store
import SyncEngine

extension StoreOperatorDesk {
    func channel(_ id: ChannelID) async throws(DeskError) -> ChannelStatus {
        guard let found = try await status.report().channels.first(where: { $0.id == id }) else {
            throw .notFound("channel \(id)")
        }
        return found
    }

    func addChannel(_ order: ChannelOrder, by principal: Principal) async throws(DeskError) -> ChannelStatus {
        let settings = order.settings
        try await channels.check(settings)
        let record: ChannelRecord = try await store.change { writing throws(StoreError) in
            if let held = try writing.reading.channel(order.id) {
                let reason = "channel \(order.id) exists, it is \(held.state.rawValue); choose another id"
                return .failure(.contradiction(reason))
            }
            let record = try writing.putChannel(order.id, settings: settings)
            try writing.audit(
                principal: principal.name, action: "channel.add", subject: "channel/\(order.id)",
                detail: (order.endpoint ?? "it comes to us") + (order.allowPrivateAddresses ? ", private addresses allowed" : ""))
            return .success(record)
        }
        do throws(DeskError) { try await channels.attach(record) } catch {
            // It is there all the same, and says why it stands still.
            let reason = error.words
            try await store.change { writing throws(StoreError) in
                try writing.halt(order.id, reason, by: principal.name)
                return .success(())
            }
        }
        engine.wake(order.id)
        return try await channel(order.id)
    }

    func command(
        _ command: ChannelCommand, _ id: ChannelID, by principal: Principal
    ) async throws(DeskError) -> CommandOutcome {
        if command == .resume {
            let record = try await store.consult { reading throws(StoreError) in try reading.requireChannel(id) }
            // First, so that a channel that cannot be connected does not seem to work.
            if record.state == .paused || record.state == .halted {
                try await channels.check(record.settings)
                try await channels.attach(record)
            }
        }
        let outcome: CommandOutcome = try await store.change { writing throws(StoreError) in
            switch StoreOperatorDesk.step(command, try writing.reading.requireChannel(id)) {
            case .nothing: return .success(.already)
            case .refuse(let error): return .failure(error)
            case .move(let state): try writing.setChannel(id, state: state)
            case .resync: try writing.resyncChannel(id)
            }
            try writing.audit(
                principal: principal.name, action: "channel.\(command.rawValue)", subject: "channel/\(id)", detail: "")
            return .success(.done)
        }
        guard outcome == .done else { return outcome }
        if command == .retire { await channels.detach(id) } else { engine.wake(id) }
        return outcome
    }

    private enum Step {
        case nothing
        case move(ChannelRecord.State)
        case resync
        case refuse(DeskError)
    }

    /// What a command means for a channel in its state.
    private static func step(_ command: ChannelCommand, _ record: ChannelRecord) -> Step {
        switch (command, record.state) {
        case (.pause, .paused), (.resume, .active), (.retire, .retired): return .nothing
        case (.pause, .retired), (.resume, .retired), (.resync, .retired):
            return .refuse(.refused("Channel \(record.id) is retired for good.", next: "heyi channel add"))
        case (.pause, .halted):
            let reason = record.haltReason ?? "no reason given"
            return .refuse(
                .refused("Channel \(record.id) is halted already: \(reason).", next: "heyi channel resume \(record.id)"))
        case (.pause, .active): return .move(.paused)
        case (.resume, .paused), (.resume, .halted): return .move(.active)
        case (.retire, .active), (.retire, .paused), (.retire, .halted): return .move(.retired)
        case (.resync, .active), (.resync, .paused), (.resync, .halted): return record.observing ? .nothing : .resync
        }
    }
}

extension ChannelOrder {
    /// What the store keeps of the channel. As in the configuration, it may not create entities by itself.
    var settings: JSON {
        var engine = ChannelSettings()
        engine.kind = kind.rawValue
        engine.creates = false
        var object = engine.json.object ?? JSONObject()
        object["protocol"] = .string(wire.rawValue)
        object["endpoint"] = endpoint.map(JSON.string)
        object["allow_private_addresses"] = .bool(allowPrivateAddresses)
        object["secret_files"] = .array(secretFiles.map(JSON.string))
        return .object(object)
    }
}
