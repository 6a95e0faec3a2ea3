import Commerce
import Store

extension Store {
    /// Reads for a desk, whose errors say what the one who asked can do next.
    func consult<T: Sendable>(
        _ body: @escaping @Sendable (Reading) throws(StoreError) -> T
    ) async throws(DeskError) -> T {
        try await atDesk { () async throws(StoreError) in try await read(body) }
    }

    /// Writes for a desk. A body that refuses must do so before it writes anything:
    /// only an error it throws undoes what it wrote.
    func change<T: Sendable>(
        _ body: @escaping @Sendable (Writing) throws(StoreError) -> Result<T, DeskError>
    ) async throws(DeskError) -> T {
        try await atDesk { () async throws(StoreError) in try await write(body) }.get()
    }
}

extension Writing {
    /// Stops a channel for a reason that a person must look at, and notes who did.
    func halt(_ id: ChannelID, _ reason: String, by principal: String) throws(StoreError) {
        try setChannel(id, state: .halted, reason: reason)
        try audit(principal: principal, action: "channel.halt", subject: "channel/\(id)", detail: reason)
    }
}

extension PageRequest {
    /// The number the page before ended with.
    func number() throws(DeskError) -> Int64? {
        guard let after else { return nil }
        guard let number = Int64(after), number >= 0 else {
            throw .invalid(field: "after", reason: "must be the `next` of the page before")
        }
        return number
    }
}

extension Page {
    /// A page out of one row more than it holds, which tells whether there is a next.
    init(_ rows: [Row], of request: PageRequest, number: (Row) -> Int64) {
        let shown = Array(rows.prefix(request.limit))
        self.init(shown, next: rows.count > shown.count ? shown.last.map { String(number($0)) } : nil)
    }
}
