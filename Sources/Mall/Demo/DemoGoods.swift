package enum DemoGoods {
    package static let jsonLines = ""
}
