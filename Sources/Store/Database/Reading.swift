package import Commerce
import GRDB

/// A consistent view of what is committed; valid only inside the closure it is given to.
package struct Reading {
    let db: Database
    let directory: Directory
    /// The writer's desk, where this looks at what the running transaction would leave behind.
    var desk: WriterDesk?

    /// Whether it sees what the running transaction would leave behind, which may still be undone.
    package var isOfWriter: Bool { desk != nil }
}

/// One transaction of the writer; valid only inside the closure it is given to.
package struct Writing {
    let db: Database
    let desk: WriterDesk

    /// The same transaction, for reading what it would leave behind.
    package var reading: Reading { Reading(db: db, directory: desk.directory, desk: desk) }

    /// The mistake a simulation plants; nil in every other life.
    package var planted: PlantedFault? { desk.surroundings.planted }

    package var surroundings: Surroundings { desk.surroundings }
}

extension Writing {
    /// Runs SQL and turns its failures into ours. After one, the whole write is undone
    /// even if its body goes on.
    func perform<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        do { return try body(db) } catch {
            let failure = StoreError.from(error, in: db)
            desk.fault = failure
            // SQLite may have ended the transaction: what it held is not there any more.
            desk.entity = nil
            throw failure
        }
    }
}

extension Reading {
    func perform<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        do { return try body(db) } catch { throw StoreError.from(error, in: db) }
    }
}
