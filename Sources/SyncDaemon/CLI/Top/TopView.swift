import Commerce

/// What the person at the screen has chosen to see.
struct TopView: Hashable, Sendable {
    enum Wish: Hashable, Sendable { case nothing, quit, readNow, redraw }

    var sort = TopColumn.channel
    var isDownward = false
    /// Channels whose name holds this are shown.
    var filter = ""
    /// The filter while it is typed.
    private(set) var typed: String?
    private(set) var chosen: String?
    private(set) var showsChannel = false
    private(set) var showsHelp = false
    private(set) var isPaused = false

    /// The rows to show, in their order.
    func rows(_ readings: TopReadings) -> [TopRow] {
        let rows = (readings.now.status["channels"]?.array ?? []).map { TopRow($0, readings) }
        let wanted = (typed ?? filter).lowercased()
        return sort.sorted(wanted.isEmpty ? rows : rows.filter { $0.id.lowercased().contains(wanted) }, downward: isDownward)
    }

    /// The chosen row's place; the first one's while nobody has chosen.
    func place(in ids: [String]) -> Int { chosen.flatMap { ids.firstIndex(of: $0) } ?? 0 }

    /// - Parameter ids: The channels shown, in their order; `page` of them fit the screen.
    mutating func take(_ key: Key, ids: [String], page: Int) -> Wish {
        if typed != nil { return type(key) }
        switch key {
        case .character("q"): return .quit
        case .redraw: return .redraw
        case .character("?"), .character("h"): showsHelp.toggle()
        case .escape, .backspace:
            if showsHelp { showsHelp = false } else if showsChannel { showsChannel = false } else { filter = "" }
        case .character("p"), .character(" "):
            isPaused.toggle()
            return isPaused ? .nothing : .readNow
        case .character("s"):
            let all = TopColumn.allCases
            sort = all[((all.firstIndex(of: sort) ?? 0) + 1) % all.count]
            isDownward = sort != .channel && sort != .state
        case .character("S"): isDownward.toggle()
        case .character("/"):
            showsChannel = false
            showsHelp = false
            typed = filter
        case .enter:
            guard !showsHelp, !ids.isEmpty else { break }
            chosen = ids[min(place(in: ids), ids.count - 1)]
            showsChannel.toggle()
        case .up, .character("k"): move(-1, ids)
        case .down, .character("j"): move(1, ids)
        case .pageUp: move(-max(1, page), ids)
        case .pageDown: move(max(1, page), ids)
        case .home, .character("g"): move(-ids.count, ids)
        case .end, .character("G"): move(ids.count, ids)
        case .character: break
        }
        return .nothing
    }

    private mutating func move(_ by: Int, _ ids: [String]) {
        guard !ids.isEmpty else { return }
        chosen = ids[max(0, min(ids.count - 1, place(in: ids) + by))]
    }

    private mutating func type(_ key: Key) -> Wish {
        switch key {
        case .enter:
            filter = typed ?? ""
            typed = nil
        case .escape: typed = nil
        case .backspace: typed = typed.map { String($0.dropLast()) }
        case .character(let character): typed?.append(character)
        case .redraw: return .redraw
        case .up, .down, .pageUp, .pageDown, .home, .end: break
        }
        return .nothing
    }
}
