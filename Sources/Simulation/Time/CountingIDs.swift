import Commerce
import Foundation

/// Names that count up, so failures read well: `id-000001`.
package final class CountingIDs: IDSource, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var count = 0
    private let prefix: String

    package init(prefix: String = "id") { self.prefix = prefix }

    package func next() -> String {
        lock.withLock {
            count += 1
            let digits = String(count)
            return "\(prefix)-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        }
    }
}
