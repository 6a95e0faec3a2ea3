/// Whatever shows a consistent view of a store: the open store, or a look at the files of one that is not open.
package protocol StoreReader: Sendable {
    /// Runs `body` on what is committed.
    func read<T: Sendable>(
        _ body: @escaping @Sendable (Reading) throws(StoreError) -> T
    ) async throws(StoreError) -> T
}

extension Store: StoreReader {}
