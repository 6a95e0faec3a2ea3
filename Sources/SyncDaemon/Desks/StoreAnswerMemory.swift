import Store

/// Keeps the answers given under idempotency keys in the store.
struct StoreAnswerMemory: AnswerMemory {
    let store: Store

    func answer(for key: AnswerKey) async throws(DeskError) -> KeptAnswer? {
        try await atDesk { () async throws(StoreError) in
            try await store.read { reading throws(StoreError) in
                try reading.answer(scope: "api:\(key.principal)", key: key.key, request: key.digest).map {
                    KeptAnswer(status: $0.status, body: $0.body, sameRequest: $0.sameRequest)
                }
            }
        }
    }

    func keep(status: Int, body: [UInt8], for key: AnswerKey) async throws(DeskError) {
        try await atDesk { () async throws(StoreError) in
            try await store.write { writing throws(StoreError) in
                try writing.remember(
                    scope: "api:\(key.principal)", key: key.key, request: key.digest, status: status, answer: body)
            }
        }
    }
}
