/// How often one parcel is asked after at most, where a service answers questions.
enum QueryInterval {
    static let setting = GatewaySetting(
        "query_interval_minutes", purpose: "How often one parcel is asked after at most; 30 when left out.")
}

extension GatewayAccount {
    /// - Throws: ``GatewayFault`` when what is configured is no number of minutes up to a day.
    func queryInterval() throws(GatewayFault) -> Duration {
        let name = QueryInterval.setting.name
        guard let minutes = Int64(settings[name] ?? "30"), (0...1_440).contains(minutes) else {
            throw GatewayFault(name, "must be 0…1440")
        }
        return .seconds(minutes * 60)
    }
}
