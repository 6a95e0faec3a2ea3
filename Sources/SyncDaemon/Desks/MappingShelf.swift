import Commerce
import Foundation
import Mall

/// Finds mapping files by their name.
struct MappingShelf {
    private static let bytesMax = 1 << 20

    let directory: String

    /// - Parameter mayPath: whether the one who asks could read this host's files anyway and
    ///   may name one by its absolute path.
    func mapping(_ name: String, mayPath: Bool) throws(DeskError) -> CatalogMapping {
        let path = try path(of: name, mayPath: mayPath)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .invalid(field: "mapping", reason: "\(name) is not there; put it at \(directory)/NAME.json")
        }
        let bytes: [UInt8]
        do { bytes = [UInt8](try handle.read(upToCount: MappingShelf.bytesMax + 1) ?? Data()) } catch {
            throw .invalid(field: "mapping", reason: "\(name) cannot be read: \(error.localizedDescription)")
        }
        guard bytes.count <= MappingShelf.bytesMax else {
            throw .invalid(field: "mapping", reason: "\(name) is larger than \(MappingShelf.bytesMax) bytes")
        }
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(bytes) } catch {
            throw .invalid(field: "mapping", reason: "\(name) is no JSON: \(error)")
        }
        do throws(InterchangeError) { return try CatalogMapping(json) } catch {
            throw .invalid(field: "mapping", reason: "\(name): \(error)")
        }
    }

    private func path(of name: String, mayPath: Bool) throws(DeskError) -> String {
        if name.hasPrefix("/") {
            guard mayPath else {
                throw .invalid(field: "mapping", reason: "must be a name; paths are taken on this host's socket only")
            }
            return name
        }
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard allowed, (1...32).contains(name.utf8.count) else {
            throw .invalid(field: "mapping", reason: "must be 1 to 32 letters, digits, - or _")
        }
        return "\(directory)/\(name).json"
    }
}
