import Commerce

/// What a web or app backend may tell by a signed callback.
package enum CallbackMessage: Sendable {
    /// Edits, carried whole. A delta that cannot be read is a fault; the others stand.
    case deltas([Observation], faults: [PullFault])
    /// These entities changed: read them.
    case changed([RemoteRef])
    /// An order was taken there; its goods are sold.
    case sold(SaleReport)
    /// What became of orders there.
    case orders([OrderReport])

    /// - Throws: `.malformed` when it is no message at all; sending it again would not help.
    package static func parse(_ body: [UInt8]) throws(ChannelError) -> CallbackMessage {
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(body) } catch { throw .malformed(reason: error.description) }
        let content = json["data"]
        switch json["type"]?.string {
        case "deltas":
            guard let list = content?["deltas"]?.array else {
                throw .malformed(reason: "data.deltas is required and must be an array")
            }
            let read = DeltaCoding.observations(from: list, field: "data.deltas")
            return .deltas(read.observations.map(\.observation), faults: read.faults.map(\.fault))
        case "changed":
            guard let list = content?["entities"]?.array else {
                throw .malformed(reason: "data.entities is required and must be an array")
            }
            var entities: [RemoteRef] = []
            for (index, item) in list.enumerated() {
                do throws(ValidationFailure) {
                    entities.append(try DeltaCoding.entity(from: item))
                } catch {
                    throw .malformed(reason: "data.entities[\(index)].\(error.description)")
                }
            }
            return .changed(entities)
        case "sold":
            do throws(ValidationFailure) { return .sold(try SaleReport(json: content ?? .null)) } catch {
                throw .malformed(reason: "data.\(error.description)")
            }
        case "orders":
            do throws(ValidationFailure) { return .orders(try OrderReport.list(content ?? .null)) } catch {
                throw .malformed(reason: "data.\(error.description)")
            }
        case let type?: throw .malformed(reason: "type \"\(type.prefix(40))\" is not known; deltas, changed, sold and orders are")
        case nil: throw .malformed(reason: "type is required and must be a string")
        }
    }
}
