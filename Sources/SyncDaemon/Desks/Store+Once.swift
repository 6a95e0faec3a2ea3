import Store

extension Store {
    /// Does what a request asks at most once under its key: the answer is kept in the transaction that has the effect.
    ///
    /// The work refuses by throwing, which undoes what it wrote, or by answering a refusal before it has
    /// written anything. Either way the refusal stands: the same request is not done when it comes again
    /// later. A fault of ours or of the machine does not stand, and may be tried again under its key.
    ///
    /// - Returns: what was answered first; 422 for a key that was another request's.
    func once(
        _ key: AnswerKey, _ work: @escaping @Sendable (Writing) throws(StoreError) -> StandingAnswer
    ) async throws(DeskError) -> StandingAnswer {
        do throws(StoreError) {
            return try await write { writing throws(StoreError) in
                if let kept = try writing.reading.kept(key) { return kept }
                let answer = try work(writing)
                try writing.keep(answer, key)
                return answer
            }
        } catch {
            let refusal = DeskError(error)
            let answer = StandingAnswer(refusal.problem)
            guard answer.status < 500 else { throw refusal }
            return try await change { writing throws(StoreError) in
                if let kept = try writing.reading.kept(key) { return .success(kept) }
                try writing.keep(answer, key)
                return .success(answer)
            }
        }
    }

    /// What was answered under a key before, for work that is not one transaction; nil for a key that is new.
    func kept(_ key: AnswerKey) async throws(DeskError) -> StandingAnswer? {
        try await consult { reading throws(StoreError) in try reading.kept(key) }
    }
}

extension Reading {
    fileprivate func kept(_ key: AnswerKey) throws(StoreError) -> StandingAnswer? {
        guard let kept = try answer(scope: key.principal, key: key.key, request: key.digest) else { return nil }
        guard kept.sameRequest else { return StandingAnswer(AnswerKey.misused) }
        return StandingAnswer(status: kept.status, body: kept.body)
    }
}

extension Writing {
    fileprivate func keep(_ answer: StandingAnswer, _ key: AnswerKey) throws(StoreError) {
        try remember(scope: key.principal, key: key.key, request: key.digest, status: answer.status, answer: answer.body)
    }
}
