import Commerce

extension World {
    /// Lets virtual time pass, and looks at everything afterwards.
    func pass(_ duration: Duration) throws {
        var left = duration
        // In pieces, so that what asks without a pause is stopped before it has asked a million times.
        repeat {
            let piece = min(left, .seconds(60))
            left -= piece
            try passPiece(piece)
        } while left > .zero && violations.isEmpty
    }

    /// Twenty times what a busy minute takes. Looking at the store again and again troubles no channel and is no rest.
    private static let jobsPerPieceMax = 40_000

    private func passPiece(_ duration: Duration) throws {
        let most = 60 + Int(duration.milliseconds / 25)
        let limits = channels.map { $0.ledger.requests + most }
        let mostJobs = executor.jobs + World.jobsPerPieceMax
        _ = executor.pump(limit: duration) {
            if executor.jobs > mostJobs { return true }
            for index in limits.indices where channels[index].ledger.requests > limits[index] { return true }
            return false
        }
        for (channel, limit) in zip(channels, limits) where channel.ledger.requests > limit {
            violations.append(.busy("\(channel.id): more than \(most) requests in \(duration.milliseconds) ms"))
        }
        if executor.jobs > mostJobs {
            violations.append(.busy("more than \(World.jobsPerPieceMax) jobs in \(duration.milliseconds) ms"))
        }
        if executor.isSpinning { violations.append(.busy("something goes round without ever waiting")) }
        guard violations.isEmpty else { return }
        try observe()
    }

    /// Lets time pass until nothing differs any more, a minute at a time.
    ///
    /// - Parameter isReviving: Whether operators let what was refused be tried again.
    /// - Returns: what still differs when `patience` is over.
    func settle(
        _ patience: Duration, of some: [SimulatedChannel]? = nil, but left: UnitRef? = nil, isReviving: Bool = false
    ) throws -> [String] {
        let until = executor.now() + patience
        while true {
            // Again each time: what was refused before may be settled after.
            if isReviving { try reviveDead() }
            try workOff()
            try pass(.seconds(60))
            guard violations.isEmpty else { return [] }
            let differences = try differences(of: some, but: left)
            if differences.isEmpty || executor.now() >= until { return differences }
        }
    }
}
