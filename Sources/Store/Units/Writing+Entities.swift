package import Commerce
import GRDB

extension Writing {
    /// Makes an entity known. Already known: nothing changes.
    ///
    /// - Throws: `.contradiction` for an id that was buried; ids are never reused.
    /// - Returns: whether it is new.
    @discardableResult
    package func create(_ entity: EntityRef) throws(StoreError) -> Bool {
        if try entityNumber(entity) != nil { return false }
        let buried = try perform { db in
            try db.first("SELECT 1 FROM grave WHERE kind = ? AND id = ?") { parameters in
                parameters.set(1, entity.kind.rawValue)
                parameters.set(2, entity.id.text)
            } _: { _ in true }
        }
        if buried == true { throw .contradiction("\(entity) was deleted for good; its id is not used again") }
        try perform { db in
            try db.run("INSERT INTO entity (kind, id, created_at) VALUES (?, ?, ?)") { row in
                row.set(1, entity.kind.rawValue)
                row.set(2, entity.id.text)
                row.set(3, desk.surroundings.time.now().milliseconds)
            }
            desk.entity = (entity, db.lastInsertedRowID)
        }
        return true
    }

    /// As ``Reading/entityNumber(_:)``, remembering the last one: the units of an entity are mostly written one after the other.
    func entityNumber(_ entity: EntityRef) throws(StoreError) -> Int64? {
        if let known = desk.entity, known.ref == entity { return known.number }
        guard let number = try reading.entityNumber(entity) else { return nil }
        desk.entity = (entity, number)
        return number
    }

    /// Lets `key` in `namespace` mean this entity: a SKU code, a handle, a channel's own id.
    ///
    /// - Throws: `.contradiction` when the key already means another entity.
    package func alias(_ entity: EntityRef, namespace: String, key: String) throws(StoreError) {
        guard let number = try entityNumber(entity) else { throw .notFound(entity.description) }
        if let holder = try reading.entity(namespace: namespace, kind: entity.kind, key: key) {
            guard holder == entity else {
                throw .contradiction("\(namespace) \(key) already belongs to \(holder)")
            }
            return
        }
        try perform { db in
            try db.run("INSERT INTO alias (namespace, kind, key, entity) VALUES (?, ?, ?, ?)") { row in
                row.set(1, namespace)
                row.set(2, entity.kind.rawValue)
                row.set(3, key)
                row.set(4, number)
            }
        }
    }
}

extension Reading {
    /// The entity an alias means, or nil.
    package func entity(namespace: String, kind: EntityKind, key: String) throws(StoreError) -> EntityRef? {
        let id = try perform { db in
            try db.first(Reading.entityOfAlias) { parameters in
                parameters.set(1, namespace)
                parameters.set(2, kind.rawValue)
                parameters.set(3, key)
            } _: { try $0.text(0) }
        }
        return id.flatMap { EntityID($0) }.map { EntityRef(kind, $0) }
    }

    /// An entity's aliases, by namespace.
    package func aliases(_ entity: EntityRef) throws(StoreError) -> [(namespace: String, key: String)] {
        guard let number = try entityNumber(entity) else { return [] }
        return try perform { db in
            try db.all("SELECT namespace, key FROM alias WHERE entity = ? ORDER BY namespace, key") {
                $0.set(1, number)
            } _: { (namespace: try $0.text(0), key: try $0.text(1)) }
        }
    }

    private static let entityOfAlias = """
        SELECT entity.id FROM alias JOIN entity ON entity.num = alias.entity
        WHERE alias.namespace = ? AND alias.kind = ? AND alias.key = ?
        """

    /// Finds an entity by what a person may type: `kind/id`, a bare id, or any alias.
    package func find(_ text: String) throws(StoreError) -> [EntityRef] {
        if let entity = EntityRef(text), try entityNumber(entity) != nil { return [entity] }
        return try perform { db in
            var found: Set<EntityRef> = []
            func take(_ row: Columns) throws -> Bool {
                if let kind = EntityKind(rawValue: try row.text(0)), let id = EntityID(try row.text(1)) { found.insert(EntityRef(kind, id)) }
                return true
            }
            // Ids and keys are indexed by what stands before them, so that is gone through: kinds are five, namespaces few.
            try db.rows(Reading.entitiesOfID) { $0.set(1, text) } _: { try take($0) }
            var namespace = ""
            while let next = try db.first(Reading.nextNamespace, { $0.set(1, namespace) }, { try $0.text(0) }) {
                namespace = next
                try db.rows(Reading.entitiesOfKey) { parameters in
                    parameters.set(1, namespace)
                    parameters.set(2, text)
                } _: { try take($0) }
            }
            return Array(found.sorted().prefix(20))
        }
    }

    private static let kinds = EntityKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    private static let entitiesOfID = "SELECT kind, id FROM entity WHERE kind IN (\(kinds)) AND id = ?"
    private static let nextNamespace = "SELECT namespace FROM alias WHERE namespace > ? ORDER BY namespace LIMIT 1"
    private static let entitiesOfKey = """
        SELECT entity.kind, entity.id FROM alias JOIN entity ON entity.num = alias.entity
        WHERE alias.namespace = ? AND alias.kind IN (\(kinds)) AND alias.key = ?
        """

    /// Entities in the order they were created, after a number, with that number.
    package func entities(
        after number: Int64, kind: EntityKind? = nil, limit: Int
    ) throws(StoreError) -> [(number: Int64, entity: EntityRef)] {
        let rows = try perform { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT num, kind, id FROM entity WHERE num > ?1 AND (?2 IS NULL OR kind = ?2)
                        ORDER BY num LIMIT ?3
                        """), arguments: [number, kind?.rawValue, limit])
        }
        return rows.compactMap { row in
            guard let kind = EntityKind(rawValue: row[1]), let id = EntityID(row[2] as String) else { return nil }
            return (row[0], EntityRef(kind, id))
        }
    }

    /// How many entities there are of each kind.
    package func entityCounts() throws(StoreError) -> [(kind: EntityKind, count: Int)] {
        let rows = try perform { db in
            try Row.fetchAll(db, sql: "SELECT kind, count(*) FROM entity GROUP BY kind ORDER BY kind")
        }
        return rows.compactMap { row in EntityKind(rawValue: row[0]).map { ($0, row[1]) } }
    }
}
