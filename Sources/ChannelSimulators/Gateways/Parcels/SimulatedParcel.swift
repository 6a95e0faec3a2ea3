import ChannelAdapters
import Commerce

/// A parcel as a simulated platform knows it.
struct SimulatedParcel: Sendable {
    enum Step: Sendable { case announced, pickedUp, departed, arrived, outForDelivery, atLocker, delivered, exception, returning, returned }

    struct Node: Sendable {
        /// Never given twice.
        let id: String
        let at: Timestamp
        let step: Step
        let text: String
        let place: String
    }

    /// In the platform's own words.
    let carrier: String
    let number: String
    var phone: String?
    /// The oldest first.
    var nodes: [Node] = []
    /// Where it is told of; nil when nobody asked to be told.
    var subscription: Subscription?
    var timesSubscribed = 0
    var timesAsked = 0
    /// How many of its nodes were told, where a platform tells only new ones.
    var nodesTold = 0
    /// When its subscription ended by itself.
    var endedAt: Timestamp?
    var lastPush: PushDraft?

    struct Subscription: Sendable {
        let url: String
        /// What pushes are signed with, where the subscriber says so himself.
        let salt: String
    }

    static let way: [Step] = [.pickedUp, .departed, .arrived, .departed, .arrived, .outForDelivery]
    private static let places = ["深圳市", "广州市", "长沙市", "武汉市", "合肥市", "杭州市"]

    /// Where it goes next if nothing goes wrong.
    var nextStep: Step {
        let moved = nodes.filter { SimulatedParcel.way.contains($0.step) }.count
        return moved < SimulatedParcel.way.count ? SimulatedParcel.way[moved] : .arrived
    }

    mutating func add(_ step: Step, id: String, at now: Timestamp) {
        let place = SimulatedParcel.places[nodes.count % SimulatedParcel.places.count]
        let at = Timestamp(milliseconds: now.milliseconds / 1_000 * 1_000)
        let text = "【\(place)】\(SimulatedParcel.words(step))，第 \(nodes.count + 1) 条"
        nodes.append(Node(id: id, at: at, step: step, text: text, place: place))
    }

    private static func words(_ step: Step) -> String {
        switch step {
        case .announced: "已下单"
        case .pickedUp: "快件已揽收"
        case .departed: "快件已发往下一站"
        case .arrived: "快件已到达转运中心"
        case .outForDelivery: "快递员正在派件 \"请保持电话畅通\" & 请放心"
        case .atLocker: "已存放至快递柜"
        case .delivered: "已签收，签收人：本人"
        case .exception: "派件不成功：未联系上收件人"
        case .returning: "快件正在退回"
        case .returned: "快件已退回发件人"
        }
    }
}

/// A push as it will be told, time and again the same but for what its platform renews.
struct PushDraft: Sendable {
    enum Hand: Sendable { case own, anotherMerchant }
    let make: @Sendable (Timestamp, Hand) -> HTTPRequest
}
