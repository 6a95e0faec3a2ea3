import Commerce
import Mall

extension ChannelConfiguration {
    /// Reads one entry of `channels`, or the body that adds a channel.
    ///
    /// - Returns: nil when it has no usable id or kind; whatever is wrong is in the
    ///   reader's ledger, also when a channel comes back.
    init?(_ section: SettingReader) {
        let id = section.required("id", as: .channel)
        let kind: Kind? = section.required("kind", as: .choice)
        var channel = ChannelConfiguration(id: id ?? ChannelID("unnamed")!, kind: kind ?? .web)
        channel.read(section)
        section.finish()
        guard id != nil, kind != nil else { return nil }
        self = channel
    }

    private mutating func read(_ section: SettingReader) {
        section.read("protocol", into: &dialect, as: .choice)
        section.read("endpoint", into: &endpoint, as: .endpoint)
        secrets = section.list("secrets", as: .secret) ?? []
        section.read("pull_every", into: &pullEvery, as: .duration(.seconds(1)...(.seconds(86_400))))
        section.read("push", into: &push, as: .flag)
        units = section.list("units", as: .family)
        projection = Projection(rules: section.sections("projection").compactMap(ProjectionRule.init(section:)))
        ownerOf = section.list("owner_of", as: .family) ?? []
        section.read("creates", into: &creates, as: .flag)
        section.read("deletes", into: &deletes, as: .choice)
        section.read("rate", into: &rate, as: .number(0.01...100_000))
        section.read("batch", into: &batch, as: .integer(1...1_000))
        section.read("timeout", into: &timeout, as: .duration(.milliseconds(100)...(.seconds(600))))
        section.read("stock_shown", into: &stockShown, as: .choice)
        section.read("allow_private_addresses", into: &allowPrivateAddresses, as: .flag)
        check(section)
    }

    private func check(_ section: SettingReader) {
        if [HandGateway.name, TrialGateway.name].contains(id.text) {
            section.report("channel \(id): that is the name of a gateway, and money of both could not be told apart; choose another id")
        }
        if dialect == .plain, endpoint == nil {
            section.report("channel \(id): protocol plain needs an endpoint, because such a backend never calls us")
        }
        if secrets.isEmpty {
            section.report(
                "channel \(id): secrets is missing: name a file (file:/etc/heyi/\(id).secret) or a systemd credential (credential:\(id))")
        }
        if endpoint?.hasPrefix("http://") == true, !allowPrivateAddresses {
            section.report(
                "channel \(id): endpoint must be https; plain http is only for private addresses (allow_private_addresses: true)",
                at: section.origin(of: "endpoint"))
        }
        for family in ownerOf where units.map({ !$0.contains(family) }) ?? false {
            section.report(
                "channel \(id): it cannot own \(family), which is not among its units", at: section.origin(of: "owner_of"))
        }
    }
}

extension ProjectionRule {
    private enum Word: String, CaseIterable {
        case truncate, round, sort, drop
        case stripHTML = "strip_html"
    }

    /// Reads `{unit: text, member: title, effect: truncate, characters: 60}`, as peers write it.
    fileprivate init?(section: SettingReader) {
        let family = section.required("unit", as: .family)
        let member = section.optional("member", as: SettingForm(expectation: "a member's name") { $0.isEmpty ? nil : $0 })
        let word: Word? = section.required("effect", as: .choice)
        let characters = section.optional("characters", as: .integer(1...1_000_000))
        let multiple = section.optional("to", as: .integer(1...1_000_000_000))
        section.finish()
        guard let family, let word else { return nil }
        let effect: Effect
        switch word {
        case .truncate:
            guard let characters else {
                section.report("truncate needs characters: 60", at: section.origin(of: "effect"))
                return nil
            }
            effect = .truncate(characters: characters)
        case .round:
            guard let multiple else {
                section.report("round needs to: 100", at: section.origin(of: "effect"))
                return nil
            }
            effect = .round(unit: Int64(multiple))
        case .sort: effect = .sort
        case .drop: effect = .drop
        case .stripHTML: effect = .stripHTML
        }
        self.init(family: family, member: member, effect: effect)
    }
}
