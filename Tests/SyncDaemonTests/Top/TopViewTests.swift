import Testing

@testable import SyncDaemon

@Suite struct TopViewTests {
    private let ids = ["app", "kiosk", "web"]

    @Test func `keys are the same however their bytes are cut`() {
        let bytes = Array("s/茶\u{1b}[A\u{1b}[6~\u{1b}OH\u{7f}\r\u{1b}[1;5C\u{c}q".utf8)
        let expected: [Key] = [
            .character("s"), .character("/"), .character("茶"), .up, .pageDown, .home, .backspace, .enter, .redraw, .character("q"),
        ]
        for size in 1...bytes.count {
            var reader = KeyReader()
            var keys: [Key] = []
            for start in stride(from: 0, to: bytes.count, by: size) { keys += reader.take(bytes[start..<min(start + size, bytes.count)]) }
            #expect(keys == expected)
        }
    }

    @Test func `an escape that stands alone is a key, and bytes that are no text do no harm`() {
        var reader = KeyReader()
        #expect(reader.take([0x1b]) == [] && reader.isUndecided)
        #expect(reader.settle() == [.escape] && !reader.isUndecided)
        #expect(reader.take([0xff, 0x61, 0xc3, 0x28]) .contains(.character("a")))
        for byte in UInt8.min ... .max { _ = reader.take([0x1b, 0x5b, byte, byte]) }
        _ = reader.settle()
    }

    @Test func `a filter is typed, kept, forgotten and ended`() {
        var view = TopView()
        for key: Key in [.character("/"), .character("w"), .character("q"), .backspace, .character("e")] {
            #expect(view.take(key, ids: ids, page: 5) == .nothing)
        }
        #expect(view.rows(TopSamples.readings).map(\.id) == ["web"])
        _ = view.take(.enter, ids: ids, page: 5)
        #expect(view.filter == "we")
        _ = view.take(.character("/"), ids: ids, page: 5)
        _ = view.take(.character("x"), ids: ids, page: 5)
        _ = view.take(.escape, ids: ids, page: 5)
        #expect(view.filter == "we")
        _ = view.take(.escape, ids: ids, page: 5)
        #expect(view.filter.isEmpty && view.rows(TopSamples.readings).count == 3)
    }

    @Test func `sorting goes through the columns, the worst first, and turns round`() {
        var view = TopView()
        for _ in 0..<3 { _ = view.take(.character("s"), ids: ids, page: 5) }
        #expect(view.sort == .lag && view.isDownward)
        #expect(view.rows(TopSamples.readings).map(\.id) == ["web", "app", "合一商城-outlet"])
        _ = view.take(.character("S"), ids: ids, page: 5)
        #expect(view.rows(TopSamples.readings).map(\.id) == ["app", "合一商城-outlet", "web"])
        for column in TopColumn.allCases {
            view.sort = column
            #expect(view.rows(TopSamples.readings).count == 3)
        }
    }

    @Test func `the chosen channel stays chosen, at the ends too, and Enter opens it`() {
        var view = TopView()
        _ = view.take(.down, ids: ids, page: 5)
        #expect(view.chosen == "kiosk")
        #expect(view.place(in: ["web", "kiosk", "app"]) == 1)
        for _ in 0..<9 { _ = view.take(.pageDown, ids: ids, page: 5) }
        #expect(view.chosen == "web")
        _ = view.take(.home, ids: ids, page: 5)
        #expect(view.chosen == "app")
        _ = view.take(.enter, ids: ids, page: 5)
        #expect(view.showsChannel)
        _ = view.take(.escape, ids: ids, page: 5)
        #expect(!view.showsChannel)
        #expect(view.take(.enter, ids: [], page: 5) == .nothing)
    }

    @Test func `pausing stops the readings, going on reads at once, q quits`() {
        var view = TopView()
        #expect(view.take(.character("p"), ids: ids, page: 5) == .nothing && view.isPaused)
        #expect(view.take(.character("p"), ids: ids, page: 5) == .readNow && !view.isPaused)
        #expect(view.take(.redraw, ids: ids, page: 5) == .redraw)
        #expect(view.take(.character("q"), ids: ids, page: 5) == .quit)
    }

    @Test func `figures are read with their labels, and quantiles lie within their bucket`() throws {
        let figures = FigureReader(
            """
            # HELP a words
            a{x="q\\"u,o=te",y="1"} 2
            a{x="b",y="1"} 3.5
            plain 7
            h_bucket{le="1"} 50
            h_bucket{le="2"} 100
            h_bucket{le="+Inf"} 100
            broken{
            """)
        #expect(figures.sum("a") == 5.5 && figures.sum("a", ["x": "q\"u,o=te"]) == 2 && figures.sum("none") == nil)
        #expect(figures.values(of: "x", in: "a") == ["b", "q\"u,o=te"])
        #expect(figures.quantile(0.5, of: "h") == 1 && figures.quantile(0.75, of: "h") == 1.5 && figures.quantile(0.5, of: "x") == nil)
        #expect(RateText.time(0.000_5) == "500 µs" && RateText.time(0.056) == "56 ms" && RateText.time(75) == "75s" && RateText.text(12_345) == "12k")
    }
}
