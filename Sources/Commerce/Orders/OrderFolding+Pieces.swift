extension OrderFolding {
    /// What left the house, and what came where.
    mutating func movePieces() {
        for fact in facts {
            guard case .shipped(let parcel) = fact.fact else { continue }
            state.parcels.append(ParcelState(parcel: parcel, at: fact.at))
            for part in parcel.lines {
                if let index = index(of: part.line, for: fact.fact) { state.lines[index].shipped += part.pieces }
            }
        }
        for fact in facts {
            guard case .delivered(let id) = fact.fact else { continue }
            guard let index = state.parcels.firstIndex(where: { $0.parcel.id == id }) else {
                expect("parcel:\(id)", for: fact)
                continue
            }
            state.parcels[index].deliveredAt = fact.at
            for part in state.parcels[index].parcel.lines where state.line(part.line) != nil {
                state.lines[part.line - 1].delivered += part.pieces
            }
        }
    }
}
