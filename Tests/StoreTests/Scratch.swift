import Commerce
import ConflictResolution
import Foundation
import Simulation
import Store
import TestKit

/// A directory of its own for one test, taken away with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-store-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path): \(error)") }
    }

    func at(_ name: String) -> String { path + "/" + name }

    /// Opens a store in a directory below; ids never repeat between two openings.
    func open(_ name: String = "store", ids: String = "id", time: ManualTime = ManualTime()) throws -> Store {
        try Store(
            .directory(at(name)),
            surroundings: Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: ids)))
    }
}

/// The units these tests write: `place` of a category, which the last writer decides.
func place(_ id: String) -> UnitRef { UnitRef(EntityRef(.category, EntityID(id)!), UnitName("place")!) }

func standing(_ number: Int) -> JSON { ["position": .integer(Int64(number))] }

extension Store {
    /// Writes `position` to category `id` as the hub, creating it where needed.
    @discardableResult
    func put(_ id: String, _ number: Int) async throws(StoreError) -> UnitOutcome {
        try await write { writing throws(StoreError) in
            try writing.create(place(id).entity)
            return try writing.apply(UnitWrite(place(id), standing(number), author: "test", origin: .api))
        }
    }

    func position(of id: String) async throws(StoreError) -> Int64? {
        try await read { reading throws(StoreError) in try reading.live(place(id))?["position"]?.integer }
    }

    func newest() async throws(StoreError) -> Int64 {
        try await read { reading throws(StoreError) in try reading.newestSequence() }
    }
}
