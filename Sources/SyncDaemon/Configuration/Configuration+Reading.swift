import Commerce

extension Configuration {
    /// Reads every section over the defaults; problems go to the reader's ledger.
    mutating func read(_ root: SettingReader) {
        root.section("store") { section in
            section.read("directory", into: &store.directory, as: .absolutePath)
            section.read("readers", into: &store.readers, as: .integer(1...64))
            section.read("inbox_keep", into: &store.inboxKeep, as: .duration(.seconds(7 * 86_400)...(.seconds(3_650 * 86_400))))
            section.read("tombstone_keep", into: &store.tombstoneKeep, as: .duration(.seconds(30 * 86_400)...(.seconds(3_650 * 86_400))))
        }
        root.section("listen") { section in
            section.read("public", into: &listen.publicAddress, as: .address)
            section.read("admin", into: &listen.adminAddress, as: .address)
            section.read("socket", into: &listen.socket, as: .socketPath)
            section.read("public_url", into: &listen.publicURL, as: .endpoint)
            section.read("admin_behind_tls", into: &listen.adminBehindTLS, as: .flag)
            checkListeners(section)
        }
        root.section("log") { section in
            section.read("level", into: &log.level, as: .choice)
            section.read("format", into: &log.format, as: .choice)
            section.read("recent_lines", into: &log.recentLines, as: .integer(100...100_000))
        }
        root.section("push") { readPush($0) }
        root.section("pull") { section in
            section.read("every", into: &pull.every, as: .duration(.seconds(1)...(.seconds(86_400))))
            section.read("page", into: &pull.page, as: .integer(1...1_000))
            section.read("overlap", into: &pull.overlap, as: .duration(.zero...(.seconds(86_400))))
            section.read("deletions_max", into: &pull.deletionsMax, as: .integer(0...1_000_000))
            section.read("deletions_share_max", into: &pull.deletionsShareMax, as: .number(0...1))
        }
        root.section("reconcile") { section in
            section.read("every", into: &reconcile.every, as: .duration(.seconds(60)...(.seconds(90 * 86_400))))
            section.read("share", into: &reconcile.share, as: .number(0.001...1))
            section.read("keep", into: &reconcile.keep, as: .duration(.seconds(86_400)...(.seconds(3_650 * 86_400))))
        }
        root.section("catalog") { section in
            section.read("locale", into: &catalog.locale, as: .locale)
            section.read("currency", into: &catalog.currency, as: .currency)
        }
        root.section("payments") { section in section.read("trial", into: &payments.trial, as: .flag) }
        root.section("parcels") { readParcels($0) }
        root.section("bills") { section in
            section.read("first_look", into: &bills.firstLook, as: .duration(.zero...(.seconds(2 * 86_400))))
            section.read("patience", into: &bills.patience, as: .duration(.seconds(60)...(.seconds(7 * 86_400))))
            section.read("look_back_days", into: &bills.lookBackDays, as: .integer(1...60))
        }
        root.section("limits") { readLimits($0) }
        root.section("watchdog") { section in
            section.read("progress_within", into: &watchdog.progressWithin, as: .duration(.seconds(1)...(.seconds(600))))
        }
        root.section("shutdown") { section in
            section.read("drain_timeout", into: &shutdown.drainTimeout, as: .duration(.seconds(1)...(.seconds(600))))
        }
        readChannels(root)
        readGateways(root)
    }

    private mutating func readParcels(_ section: SettingReader) {
        let (day, year) = (Duration.seconds(86_400), Duration.seconds(366 * 86_400))
        section.read("services", into: &parcels.services, as: .integer(1...10))
        // Services lock out whoever asks about one parcel more often than every few minutes.
        section.read("ask_every", into: &parcels.askEvery, as: .duration(.seconds(300)...day))
        section.read("silence", into: &parcels.silence, as: .duration(.seconds(300)...year))
        section.read("grace", into: &parcels.grace, as: .duration(.zero...year))
        section.read("longest", into: &parcels.longest, as: .duration(day...year))
        section.read("again", into: &parcels.again, as: .duration(.seconds(1_800)...year))
        if let tries = section.optional("tries_before_next", as: .integer(1...1_000)) { parcels.triesBeforeNext = Int64(tries) }
        if parcels.grace > parcels.longest {
            section.report(
                "parcels.grace (\(DurationText.write(parcels.grace))) must not be longer than parcels.longest (\(DurationText.write(parcels.longest)))",
                at: section.origin(of: "grace"))
        }
        section.section("stalls_after") { phases in
            for phase in ParcelPhase.allCases where TrackingPolicy.standard.stallsAfter[phase] != nil {
                guard let limit = phases.optional(phase.rawValue.replacing("-", with: "_"), as: .duration(.zero...year)) else { continue }
                parcels.stallsAfter[phase] = limit == .zero ? nil : limit
            }
        }
    }

    private mutating func readPush(_ section: SettingReader) {
        section.read("batch", into: &push.batch, as: .integer(1...1_000))
        section.read("timeout", into: &push.timeout, as: .duration(.milliseconds(100)...(.seconds(600))))
        section.read("retry_base", into: &push.retryBase, as: .duration(.milliseconds(10)...(.seconds(3_600))))
        section.read("retry_cap", into: &push.retryCap, as: .duration(.milliseconds(10)...(.seconds(86_400))))
        section.read("retry_horizon", into: &push.retryHorizon, as: .duration(.seconds(60)...(.seconds(30 * 86_400))))
        section.read("retry_share", into: &push.retryShare, as: .number(0.01...1))
        if push.retryBase > push.retryCap {
            section.report(
                "push.retry_base (\(DurationText.write(push.retryBase))) must not be longer than push.retry_cap (\(DurationText.write(push.retryCap)))",
                at: section.origin(of: "retry_base"))
        }
    }

    private mutating func readLimits(_ section: SettingReader) {
        section.read("body_bytes", into: &limits.bodyBytes, as: .bytes(1 << 10...1 << 30))
        section.read("answer_bytes", into: &limits.answerBytes, as: .bytes(1 << 10...1 << 30))
        section.read("json_depth", into: &limits.jsonDepth, as: .integer(4...128))
        section.read("deltas_per_request", into: &limits.deltasPerRequest, as: .integer(1...100_000))
        section.read("requests_per_second", into: &limits.requestsPerSecond, as: .number(0.1...100_000))
        section.read("shop_requests_per_second", into: &limits.shopRequestsPerSecond, as: .number(0.1...100_000))
        section.read("address_requests_per_second", into: &limits.addressRequestsPerSecond, as: .number(0.1...1_000_000))
        section.read("gateway_requests_per_second", into: &limits.gatewayRequestsPerSecond, as: .number(1...1_000_000))
        if let proxies = section.list("trusted_proxies", as: .addressRange) { limits.trustedProxies = proxies }
        section.read("connections", into: &limits.connections, as: .integer(1...100_000))
        section.read("request_timeout", into: &limits.requestTimeout, as: .duration(.seconds(1)...(.seconds(600))))
        section.read("poll_wait", into: &limits.pollWait, as: .duration(.zero...(.seconds(300))))
        section.read("signature_window", into: &limits.signatureWindow, as: .duration(.seconds(10)...(.seconds(3_600))))
        section.read("cell_bytes", into: &limits.cellBytes, as: .bytes(1 << 10...64 << 20))
    }

    private func checkListeners(_ section: SettingReader) {
        if !listen.adminAddress.isLoopback, !listen.adminBehindTLS {
            section.report(
                "listen.admin \(listen.adminAddress) can be reached from other machines: listen on 127.0.0.1, or end TLS in a proxy before it and say listen.admin_behind_tls: true",
                at: section.origin(of: "admin"))
        }
        if listen.adminAddress == listen.publicAddress, listen.adminAddress.port != 0 {
            section.report(
                "listen.public and listen.admin must differ, both are \(listen.adminAddress)",
                at: section.origin(of: "admin"))
        }
    }

    private mutating func readGateways(_ root: SettingReader) {
        var seen = Set(channels.map(\.id))
        for section in root.sections("gateways") {
            guard let gateway = GatewayConfiguration(section) else { continue }
            if seen.insert(gateway.id).inserted {
                gateways.append(gateway)
            } else {
                section.report("the name \(gateway.id) is declared twice, among channels and gateways", at: section.origin(of: "id"))
            }
        }
    }

    private mutating func readChannels(_ root: SettingReader) {
        var seen: Set<ChannelID> = []
        for section in root.sections("channels") {
            guard let channel = ChannelConfiguration(section) else { continue }
            if seen.insert(channel.id).inserted {
                channels.append(channel)
            } else {
                section.report("the channel \(channel.id) is declared twice", at: section.origin(of: "id"))
            }
        }
    }
}
