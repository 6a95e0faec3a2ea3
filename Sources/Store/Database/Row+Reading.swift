import GRDB

extension Row {
    /// The value of a column, or `.corrupt`: in a damaged file a row may hold anything.
    func read<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ index: Int, as type: Value.Type = Value.self
    ) throws(StoreError) -> Value {
        do { return try decode(type, atIndex: index) } catch {
            throw .corrupt("column \(index) of a row holds no \(type)")
        }
    }
}
