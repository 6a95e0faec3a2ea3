package enum DemoGoods {
    package static let jsonLines = shelves + "\n" + tea
}
