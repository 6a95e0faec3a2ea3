/// Yes or no as the world's files write it.
enum CellBool {
    static let reason = "not yes or no; write true or false"

    static func value(of text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "y", "1", "on", "是": true
        case "false", "no", "n", "0", "off", "否": false
        default: nil
        }
    }
}
