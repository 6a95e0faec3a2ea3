/// One carrier, and what each platform calls it.
///
/// Codes are the platforms' own and change when they please; nil where a platform is not known to have the
/// carrier. An account may say otherwise in its settings.
package struct Carrier: Hashable, Sendable {
    package let id: CarrierID
    package let chinese: String
    package let english: String
    package let kuaidi100: String?
    package let kdniao: String?
    package let seventeenTrack: Int64?
    /// As WeChat's shipping upload wants it.
    package let weChat: String?
    /// Whether it says nothing of a parcel without the last digits of a phone number.
    package let asksPhone: Bool

    /// A row of the table; what is written there is ours, so a name that is none is a mistake of the programmer.
    init(
        _ id: String, _ chinese: String, _ english: String, kuaidi100: String? = nil, kdniao: String? = nil,
        seventeenTrack: Int64? = nil, weChat: String? = nil, asksPhone: Bool = false
    ) {
        guard let named = CarrierID(id) else { preconditionFailure("\(id) cannot name a carrier") }
        self.id = named
        self.chinese = chinese
        self.english = english
        self.kuaidi100 = kuaidi100
        self.kdniao = kdniao
        self.seventeenTrack = seventeenTrack
        self.weChat = weChat
        self.asksPhone = asksPhone
    }
}
