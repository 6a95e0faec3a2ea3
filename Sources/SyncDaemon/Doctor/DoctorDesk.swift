/// Examines the daemon from inside, for operators.
protocol DoctorDesk: Sendable {
    /// Runs checks side by side and tells each as it ends.
    func examine(_ order: DoctorOrder, tell: @escaping @Sendable (Diagnosis) async -> Void) async
    /// What a support bundle says of the store, the channels, the host and the configuration.
    func support() async -> SupportReport
}

/// Which checks are asked for.
struct DoctorOrder: Sendable {
    /// nil for all.
    var chosen: [HealthCheck]?
    /// Whether channels and listeners are left alone.
    var isOffline = false

    var doctor: Doctor { Doctor(chosen ?? HealthCheck.all, patience: chosen == nil ? 1 : Doctor.patienceAlone) }
}
