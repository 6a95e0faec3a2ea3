/// What the process's exit code says; the numbers are those of `sysexits.h`.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case ok = 0
    /// It works, but something needs attention.
    case degraded = 1
    case usage = 64
    case badData = 65
    /// The daemon does not answer.
    case unreachable = 69
    /// A bug of ours.
    case bug = 70
    case cannotCreate = 73
    case tryLater = 75
    case permission = 77
    case configuration = 78

    /// The code for an HTTP answer that is no success.
    init(httpStatus: Int) {
        switch httpStatus {
        case 401, 403: self = .permission
        case 408, 425, 429, 502...504: self = .tryLater
        case 400..<500: self = .badData
        default: self = .bug
        }
    }
}
