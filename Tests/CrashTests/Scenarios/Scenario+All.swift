extension Scenario {
    static let all: [Scenario] = hub + pushes + pulls + callbacks + channels + keeping + stock + orders
}
