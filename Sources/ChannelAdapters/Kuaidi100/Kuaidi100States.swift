import Commerce

/// What this platform's numbers mean; nobody else's mean the same.
///
/// Its `201` is a parcel that was not signed for in time, its `401` a label that was cancelled.
enum Kuaidi100States {
    /// The basic state or the advanced one; nil for one that is not published.
    static func phase(_ code: String) -> ParcelPhase? { table[code] }

    private static let table: [String: ParcelPhase] = [
        "101": .announced, "102": .announced,
        "1": .pickedUp, "103": .pickedUp,
        "0": .inTransit, "1001": .inTransit, "1002": .inTransit, "1003": .inTransit, "7": .inTransit,
        "8": .customs, "10": .customs, "11": .customs, "12": .customs, "13": .exception,
        "5": .outForDelivery, "501": .awaitingPickUp,
        "3": .delivered, "301": .delivered, "302": .delivered, "303": .delivered, "304": .delivered,
        "2": .exception, "201": .exception, "202": .exception, "204": .exception, "205": .exception, "206": .exception,
        "207": .exception, "208": .exception, "209": .exception,
        // Refused at the door it goes back.
        "6": .returning, "14": .returning, "203": .returning,
        "4": .returned,
        "210": .expired, "401": .expired,
    ]

    /// The words `status` has in an answer that was asked for without advanced codes: a closed list, not a clerk's text.
    static func phase(word: String) -> ParcelPhase? { words[word] }

    private static let words: [String: ParcelPhase] = [
        "在途": .inTransit, "揽收": .pickedUp, "疑难": .exception, "签收": .delivered, "退签": .returned, "派件": .outForDelivery,
        "退回": .returning, "转投": .inTransit, "转单": .inTransit, "清关": .customs, "待清关": .customs, "清关中": .customs,
        "已清关": .customs, "清关异常": .exception, "拒签": .returning, "投柜或驿站": .awaitingPickUp, "本人签收": .delivered,
        "派件异常后签收": .delivered, "代签": .delivered, "投柜或站签收": .delivered, "已下单": .announced, "待揽收": .announced,
        "已揽收": .pickedUp, "到达派件城市": .inTransit, "干线": .inTransit, "转递": .inTransit,
    ]
}
